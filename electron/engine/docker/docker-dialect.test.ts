import { describe, expect, it } from 'vitest';
import { createPodmanDialect } from '../podman/podman-dialect.ts';
import { compareApiVersions, negotiateApiVersion } from './api-version.ts';
import { createDockerDialect } from './docker-dialect.ts';
import type { Absence, EngineVersion } from './engine-dialect.ts';

const search = { env: { PATH: '' }, homePath: '/home/me', platform: 'darwin', uid: 501 } as const;
const docker = createDockerDialect(search);
const podman = createPodmanDialect(search);
const version = (components: string[]): EngineVersion => ({
  version: '1',
  apiVersion: '1.41',
  minApiVersion: '1.24',
  components,
  os: 'linux',
  architecture: 'amd64',
});

describe('telling Docker and Podman apart', () => {
  it.each([
    [['Engine', 'containerd'], true, false],
    [['Podman Engine', 'Conmon'], false, true],
    [[], true, false],
  ])('%j', (components, isDocker, isPodman) => {
    expect(docker.recognises(version(components))).toBe(isDocker);
    expect(podman.recognises(version(components))).toBe(isPodman);
  });

  it.each([
    ['1.41', ['Engine'], true],
    ['1.38', ['Engine'], false],
    ['1.41', ['Podman Engine'], false],
  ])('API %s of %j has BuildKit: %s', (apiVersion, components, expected) => {
    expect(docker.hasBuildKit(version(components), apiVersion)).toBe(expected);
    expect(podman.hasBuildKit(version(components), apiVersion)).toBe(false);
  });
});

describe('what is wrong, in words', () => {
  const absences: Absence[] = [
    { kind: 'not-found' },
    { kind: 'not-running', address: '/x.sock' },
    { kind: 'no-permission', address: '/x.sock' },
    { kind: 'unreachable', address: 'tcp://x:1', origin: 'DOCKER_HOST', why: 'it timed out' },
    { kind: 'too-new', address: '/x.sock', minApiVersion: '9.0' },
  ];
  it.each(absences)('$kind has a sentence and a way out', async (absence) => {
    for (const dialect of [docker, podman]) {
      const { detail, hint } = await dialect.explain(absence);
      expect(detail).toMatch(/^(Docker|Podman).*\.$/);
      expect(hint).toMatch(/\.$/);
      if (absence.kind !== 'not-found' && absence.kind !== 'not-running')
        expect(detail).toContain(absence.address);
    }
  });
});

describe('API versions', () => {
  it.each([
    ['1.9', '1.41', -1],
    ['1.41', '1.41', 0],
    ['2.0', '1.99', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareApiVersions(a, b))).toBe(sign);
  });

  it.each([
    ['1.41', '1.24', '1.41'],
    ['1.56', '1.44', '1.51'],
    ['9.9', '9.0', null],
    ['1.24', null, '1.24'],
  ])(
    'an engine that speaks up to %s and from %s is spoken to in %s',
    (apiVersion, minApiVersion, expected) => {
      expect(negotiateApiVersion({ apiVersion, minApiVersion })).toBe(expected);
    },
  );
});
