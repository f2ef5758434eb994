import type { HealthConfig, HistoryEntry, ImageConfig, RuntimeConfig } from './config.ts';
import { sortKeys } from './descriptor-codec.ts';
import { type DiffId, isDigest } from './digest.ts';
import { readPlatform, writePlatform } from './platform-codec.ts';
import { encodeUtf8 } from './text.ts';
import { isWireObject, parseWireObject, readWire, type WireObject, type WireReader } from './wire.ts';

/** The largest image config we read, in bytes. */
export const CONFIG_SIZE_LIMIT = 4 * 1024 * 1024;
const WHAT = 'image config';
const DOCUMENT_KEYS = new Set(
  'architecture author config created history os os.version rootfs variant'.split(' '),
);
const RUNTIME_KEYS = new Set(
  'User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal Healthcheck OnBuild Shell'.split(
    ' ',
  ),
);

/** Fields of a config that {@link ImageConfig} does not know, kept so that writing it again loses nothing. */
export interface ConfigExtras {
  /** At the top of the document: `moby.buildkit.cache.v0`, `os.features`, `docker_version` … */
  readonly document: WireObject;
  /** Within `config`: `ArgsEscaped`, `StopTimeout`, `Hostname` … */
  readonly runtime: WireObject;
}

/** Reads an image config (image-spec 1.1 with Docker's additions). Throws `malformed`. */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const document = parseWireObject(bytes, WHAT, CONFIG_SIZE_LIMIT);
  const wire = readWire(document, WHAT);
  const rootfs = wire.object('rootfs');
  if (rootfs === undefined) throw wire.fail('it has no rootfs, so it is not the config of an image');
  const created = wire.text('created') || undefined;
  const author = wire.text('author') || undefined;
  return {
    platform: readPlatform(wire),
    ...(created === undefined ? {} : { created }),
    ...(author === undefined ? {} : { author }),
    config: readRuntime(readWire(wire.object('config') ?? {}, `config of the ${WHAT}`)),
    diffIds: readDiffIds(readWire(rootfs, `rootfs of the ${WHAT}`)),
    history: (wire.list('history') ?? []).map(readHistory),
  };
}

/** The fields of a config's bytes that {@link parseConfig} leaves out. Throws `malformed`. */
export function parseConfigExtras(bytes: Uint8Array): ConfigExtras {
  const document = parseWireObject(bytes, WHAT, CONFIG_SIZE_LIMIT);
  const runtime = isWireObject(document.config) ? document.config : {};
  return { document: without(document, DOCUMENT_KEYS), runtime: without(runtime, RUNTIME_KEYS) };
}

/**
 * The bytes of a config: top-level keys sorted and inner keys in Go's struct order, as BuildKit writes them;
 * maps sorted, empty parts left out. Same config, same bytes.
 */
export function encodeConfig(config: ImageConfig, extras?: ConfigExtras): Uint8Array {
  const document = sortKeys<unknown>({
    ...extras?.document,
    ...writePlatform(config.platform),
    ...(config.author ? { author: config.author } : {}),
    config: { ...writeRuntime(config.config), ...sortKeys(extras?.runtime ?? {}) },
    ...(config.created ? { created: config.created } : {}),
    ...(config.history.length > 0 ? { history: config.history.map(writeHistory) } : {}),
    rootfs: { type: 'layers', diff_ids: config.diffIds },
  });
  return encodeUtf8(JSON.stringify(document));
}

function without(object: WireObject, known: ReadonlySet<string>): WireObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)));
}

function readDiffIds(wire: WireReader): readonly DiffId[] {
  const type = wire.text('type') ?? 'layers';
  if (type !== 'layers') throw wire.fail(`its type "${type}" is not known`);
  return (wire.texts('diff_ids') ?? []).map((text) => {
    if (!isDigest(text)) throw wire.fail(`"${text}" is not a digest`);
    return text as string as DiffId;
  });
}

function readRuntime(wire: WireReader): RuntimeConfig {
  const ports = wire.object('ExposedPorts');
  const volumes = wire.object('Volumes');
  const health = wire.object('Healthcheck');
  return present({
    user: wire.text('User') || undefined,
    exposedPorts: ports && Object.keys(ports),
    env: wire.texts('Env'),
    entrypoint: wire.texts('Entrypoint'),
    cmd: wire.texts('Cmd'),
    volumes: volumes && Object.keys(volumes),
    workingDir: wire.text('WorkingDir') || undefined,
    labels: wire.textMap('Labels'),
    stopSignal: wire.text('StopSignal') || undefined,
    healthcheck: health && readHealth(readWire(health, `healthcheck of the ${WHAT}`)),
    shell: wire.texts('Shell'),
    onBuild: wire.texts('OnBuild'),
  });
}

function readHealth(wire: WireReader): HealthConfig {
  return present({
    test: wire.texts('Test') ?? [],
    interval: wire.integer('Interval'),
    timeout: wire.integer('Timeout'),
    startPeriod: wire.integer('StartPeriod'),
    startInterval: wire.integer('StartInterval'),
    retries: wire.integer('Retries'),
  });
}

function readHistory(value: unknown, index: number): HistoryEntry {
  const what = `history line ${index + 1} of the ${WHAT}`;
  if (!isWireObject(value)) throw readWire({}, what).fail('it is not an object');
  const wire = readWire(value, what);
  return present({
    created: wire.text('created') || undefined,
    createdBy: wire.text('created_by') || undefined,
    author: wire.text('author') || undefined,
    comment: wire.text('comment') || undefined,
    emptyLayer: wire.flag('empty_layer') || undefined,
  });
}

function writeRuntime(config: RuntimeConfig): Record<string, unknown> {
  return filled({
    User: config.user,
    ExposedPorts: asSet(config.exposedPorts),
    Env: config.env,
    Entrypoint: config.entrypoint,
    Cmd: config.cmd,
    Volumes: asSet(config.volumes),
    WorkingDir: config.workingDir,
    Labels: config.labels && sortKeys(config.labels),
    StopSignal: config.stopSignal,
    Healthcheck: config.healthcheck && writeHealth(config.healthcheck),
    OnBuild: config.onBuild,
    Shell: config.shell,
  });
}

function writeHealth(health: HealthConfig): Record<string, unknown> {
  return filled({
    Test: health.test,
    Interval: health.interval,
    Timeout: health.timeout,
    StartPeriod: health.startPeriod,
    StartInterval: health.startInterval,
    Retries: health.retries,
  });
}

function writeHistory(entry: HistoryEntry): Record<string, unknown> {
  return filled({
    created: entry.created,
    created_by: entry.createdBy,
    author: entry.author,
    comment: entry.comment,
    empty_layer: entry.emptyLayer,
  });
}

/** Docker writes a set as an object of empty objects. */
function asSet(names: readonly string[] | undefined): Record<string, object> | undefined {
  return names && Object.fromEntries([...names].sort().map((name) => [name, {}]));
}

function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** Without what Go's `omitempty` leaves out: empty texts, lists and maps, zero, false. */
function filled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    !value || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}
