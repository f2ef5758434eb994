import { describe, expect, it } from 'vitest';
import type { ImageConfig } from './config.ts';
import { CONFIG_SIZE_LIMIT, encodeConfig, parseConfig, parseConfigExtras } from './config-codec.ts';
import type { DiffId } from './digest.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';

const diffId = `sha256:${'3'.repeat(64)}` as DiffId;
const bytes = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value));
const minimal = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } };

const full: ImageConfig = {
  platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  created: '2026-01-02T03:04:05Z',
  author: 'Ann',
  config: {
    user: '1000:1000',
    exposedPorts: ['443/tcp', '80/tcp'],
    env: ['PATH=/bin', 'A=1', 'A=2'],
    entrypoint: ['/entry'],
    cmd: ['serve'],
    volumes: ['/data'],
    workingDir: '/app',
    labels: { a: '1', b: '2' },
    stopSignal: 'SIGTERM',
    healthcheck: { test: ['CMD', 'true'], interval: 30_000_000_000, retries: 3 },
    shell: ['/bin/bash', '-c'],
    onBuild: ['RUN true'],
  },
  diffIds: [diffId],
  history: [{ created: '2026-01-02T03:04:05Z', createdBy: 'COPY . .', comment: 'x' }, { emptyLayer: true }],
};

describe('parseConfig and encodeConfig', () => {
  it('give back what was written', () => {
    expect(parseConfig(encodeConfig(full))).toEqual(full);
  });

  it('read the least that an image must have', () => {
    expect(parseConfig(bytes(minimal))).toEqual({
      platform: { os: 'linux', architecture: 'amd64' },
      config: {},
      diffIds: [diffId],
      history: [],
    });
  });

  it("read Docker's null as absent", () => {
    const config = {
      Cmd: null,
      Env: null,
      ExposedPorts: null,
      Labels: null,
      Entrypoint: null,
      OnBuild: null,
    };
    expect(parseConfig(bytes({ ...minimal, config, history: null })).config).toEqual({});
  });

  it('write top keys sorted, inner keys in the order of Go, sets as objects', () => {
    const text = decodeUtf8(encodeConfig(full));
    const document = JSON.parse(text);
    expect(Object.keys(document)).toEqual([...Object.keys(document)].sort());
    expect(Object.keys(document.config).slice(0, 5)).toEqual([
      'User',
      'ExposedPorts',
      'Env',
      'Entrypoint',
      'Cmd',
    ]);
    expect(document.config.ExposedPorts).toEqual({ '443/tcp': {}, '80/tcp': {} });
    expect(document.history[1]).toEqual({ empty_layer: true });
  });

  it('write the same bytes whatever the order of maps', () => {
    const turned = {
      ...full,
      config: { ...full.config, labels: { b: '2', a: '1' }, exposedPorts: ['80/tcp', '443/tcp'] },
    };
    expect(decodeUtf8(encodeConfig(turned))).toBe(decodeUtf8(encodeConfig(full)));
  });

  it('keep a label called __proto__ as a label', () => {
    const text =
      '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"Labels":{"__proto__":"x"}}}';
    const config = parseConfig(encodeUtf8(text));
    expect(Object.entries(config.config.labels ?? {})).toEqual([['__proto__', 'x']]);
    expect(decodeUtf8(encodeConfig(config))).toContain('"Labels":{"__proto__":"x"}');
  });

  it('carry unknown fields over when a config is written again', () => {
    const source = bytes({
      ...minimal,
      docker_version: '20',
      'os.features': ['x'],
      config: { Cmd: ['sh'], StopTimeout: 3, ArgsEscaped: true },
    });
    const again = JSON.parse(decodeUtf8(encodeConfig(parseConfig(source), parseConfigExtras(source))));
    expect(again).toMatchObject({
      docker_version: '20',
      'os.features': ['x'],
      config: { Cmd: ['sh'], StopTimeout: 3, ArgsEscaped: true },
    });
  });

  it('never let an unknown field stand in for a known one', () => {
    const extras = { document: { os: 'plan9' }, runtime: {} };
    expect(parseConfig(encodeConfig(full, extras)).platform.os).toBe('linux');
  });

  it.each<[string, unknown]>([
    ['no rootfs', { architecture: 'amd64', os: 'linux' }],
    ['a rootfs of another type', { ...minimal, rootfs: { type: 'zfs', diff_ids: [] } }],
    ['a diffID that is none', { ...minimal, rootfs: { type: 'layers', diff_ids: ['sha256:x'] } }],
    ['a diffID that is a number', { ...minimal, rootfs: { type: 'layers', diff_ids: [1] } }],
    ['a config that is a list', { ...minimal, config: [] }],
    ['an environment that is a map', { ...minimal, config: { Env: {} } }],
    ['a command of numbers', { ...minimal, config: { Cmd: [1] } }],
    ['labels that are numbers', { ...minimal, config: { Labels: { a: 1 } } }],
    ['a history that is a map', { ...minimal, history: {} }],
    ['a history line that is a text', { ...minimal, history: ['x'] }],
    ['an empty list', []],
  ])('refuse %s', (_, document) => {
    expect(() => parseConfig(bytes(document))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('refuse a config above the limit', () => {
    expect(() => parseConfig(new Uint8Array(CONFIG_SIZE_LIMIT + 1))).toThrow(/more than/);
  });
});
