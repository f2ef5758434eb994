import { Readable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { Engine, ImageExchange } from './engine.ts';
import type { ImageArchives, ProgressOptions, TakenImage, WorkbenchEngine } from './ports.ts';

/** What came of sending an image to an engine. */
export interface SentImage {
  /** What the engine calls it now: the name that was asked for, else its ID there. */
  readonly reference: string;
  /** What the engine identifies it by. */
  readonly id: string;
  /** Of the manifest in the store. */
  readonly digest: string;
  /** Of the config: the same on both sides. */
  readonly imageId: string;
  /** The engine had it already; it only got the name. */
  readonly wasThere: boolean;
}

/**
 * Sends an image of the store to Docker or Podman, as a stream and without a copy of it. `name` is what it is called
 * there; the image's first name by default, none where it has none. Throws `not-found`, `unsupported`, and what the
 * engine refuses with.
 */
export async function sendImage(
  store: WorkbenchEngine,
  engine: Engine,
  { ref, name }: { readonly ref: string; readonly name?: string | undefined },
  { signal, onProgress }: ProgressOptions,
): Promise<SentImage> {
  const exchange = requireExchange(engine);
  const image = await store.images.get(ref, signal);
  const reference = chooseName(name, ref, image.summary.names);
  const facts = { digest: image.summary.id, imageId: image.imageId };
  const known = await findThere(engine, [image.imageId, image.summary.id], signal);
  if (known !== null) {
    if (reference !== null) await engine.images.tag(known, reference);
    const called = reference === null ? known : familiarReference(reference);
    return { ...facts, reference: called, id: known, wasThere: true };
  }
  const names = reference === null ? [] : [reference];
  const archive = await archivesOf(store).save(image.summary.id, { format: 'docker', names });
  async function* counted(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for await (const chunk of archive.open(signal)) {
      yield chunk as Uint8Array;
      done += (chunk as Uint8Array).length;
      onProgress({ done, total: archive.size, unit: 'bytes' });
    }
  }
  const loaded = await exchange.load(Readable.from(counted(), { objectMode: false }), { signal });
  return { ...facts, ...loaded, wasThere: false };
}

/**
 * Takes an image out of Docker or Podman into the store, as a stream and without a copy of it. `name` is what it is
 * called here; what it was asked for by default. What the store has already is named only. Throws `not-found`,
 * `unsupported`, `malformed`, `digest-mismatch`.
 */
export async function takeImage(
  store: WorkbenchEngine,
  engine: Engine,
  wanted: {
    readonly ref: string;
    readonly name?: string | undefined;
    readonly platform?: string | undefined;
  },
  options: ProgressOptions,
): Promise<TakenImage & { wasHere: boolean }> {
  const exchange = requireExchange(engine);
  if (wanted.platform) parsePlatform(wanted.platform);
  const image = await engine.images.get(wanted.ref, options.signal);
  const reference = chooseName(wanted.name, wanted.ref, image.summary.names);
  const names = reference === null ? [] : [reference];
  const known = wanted.platform ? null : await findThere(store, [image.summary.id], options.signal);
  if (known !== null) {
    for (const each of names) await store.images.tag(known, each);
    const { imageId } = await store.images.get(known, options.signal);
    const references = names.map(familiarReference);
    return { references, digest: known, imageId, repacked: false, wasHere: true };
  }
  const { signal } = options;
  const given = await exchange.give(wanted.ref, { platform: wanted.platform, signal });
  try {
    const taken = await archivesOf(store).take(given.archive, { ...options, names, size: given.size });
    return { ...taken, wasHere: false };
  } finally {
    given.archive.destroy();
  }
}

/** The row of an engine that one of these identities means, null where it has none. */
async function findThere(
  engine: Engine,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  for (const id of ids) {
    try {
      return (await engine.images.get(id, signal)).summary.id;
    } catch (error) {
      // Two images may have one config: then which of them is meant is not known, and the bytes decide.
      const isUnclear = error instanceof AppError && ['not-found', 'invalid-input'].includes(error.code);
      if (!isUnclear) throw error;
    }
  }
  return null;
}

/** What was asked for; else the reference by which the image was meant; else its first name with a tag. */
function chooseName(asked: string | undefined, ref: string, names: readonly string[]): Reference | null {
  if (asked !== undefined && asked !== '') {
    const reference = withDefaultTag(parseReference(asked));
    if (reference.digest === undefined) return reference;
    throw new AppError('invalid-input', `"${asked}" names content by its digest.`, {
      hint: 'Give a name with a tag: leave the digest out.',
    });
  }
  const tagged = names.filter((name) => !name.includes('@'));
  const name = tagged.find((each) => isSameName(each, ref)) ?? tagged[0];
  return name === undefined ? null : withDefaultTag(parseReference(name));
}

function isSameName(name: string, ref: string): boolean {
  try {
    return familiarReference(withDefaultTag(parseReference(ref))) === name;
  } catch {
    return false;
  }
}

function requireExchange(engine: Engine): ImageExchange {
  if (engine.exchange !== undefined) return engine.exchange;
  throw new AppError('unsupported', `${engine.name} neither takes nor gives images this way.`, {
    hint: 'Choose Docker or Podman.',
    detail: { kind: 'engine', engine: engine.id },
  });
}

function archivesOf(store: WorkbenchEngine): ImageArchives {
  if (store.archives !== undefined) return store.archives;
  throw new AppError('unsupported', `${store.name} reads and writes no archives.`, {
    detail: { kind: 'engine', engine: store.id },
  });
}
