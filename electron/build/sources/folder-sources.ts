import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setV8Flag } from '../../platform/v8-flag.ts';
import { ListingMemory } from '../cache/listing-memory.ts';
import { FileDigests } from '../context/file-digests.ts';
import { findIgnoreFile } from '../context/find-ignore-file.ts';
import { createIgnoreMatcher, parseIgnore } from '../context/ignore.ts';
import { scanContext } from '../context/scan-context.ts';
import type { ContextPlace } from '../context-place.ts';
import { ContextSource } from './context-source.ts';

/**
 * From so many entries on garbage is collected when the heap has grown by half, not when it is twice as large and more:
 * that takes a fifth less memory, and of smaller builds a tenth more time.
 */
const MANY_ENTRIES = 30_000;

interface OpenFolder {
  readonly source: Promise<ContextSource>;
  readonly digests: FileDigests;
  readonly memory: ListingMemory;
  readonly file: string;
}

/** The build context and named folders of one build: each is read when a step first asks for it, and once. */
export class FolderSources {
  readonly #digestFolder: string;
  readonly #signal: AbortSignal;
  readonly #open = new Map<string, OpenFolder>();
  #fetched: Promise<ContextSource> | null = null;

  /** `digestFolder` keeps the content digests of folders from one build to the next. */
  constructor(digestFolder: string, signal: AbortSignal) {
    this.#digestFolder = digestFolder;
    this.#signal = signal;
  }

  /** The build context, without what the ignore file of this Dockerfile names. */
  context(folder: string, dockerfilePath: string): Promise<ContextSource> {
    return this.#folder(folder, dockerfilePath, undefined);
  }

  /** A build context that was brought here for this build: read once, and nothing of it is kept for another one. */
  fetched({ folder, attributesOf }: ContextPlace): Promise<ContextSource> {
    this.#fetched ??= scanContext(folder, { signal: this.#signal }).then(
      (listing) => new ContextSource(listing, new FileDigests(), { attributesOf }),
    );
    return this.#fetched;
  }

  /** Another folder; an ignore file counts only where it has one itself. */
  named(folder: string, name: string): Promise<ContextSource> {
    return this.#folder(folder, join(folder, 'Dockerfile'), `the build context ${name}`);
  }

  /** Keeps the content digests that were found for the next build. */
  async save(): Promise<void> {
    for (const { digests, memory, file } of this.#open.values()) {
      await digests.save(file);
      await memory.save(listingsFile(file));
    }
  }

  #folder(folder: string, dockerfilePath: string, title: string | undefined): Promise<ContextSource> {
    const root = resolve(folder);
    const key = `${title ?? ''}\0${root}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known.source;
    const file = join(this.#digestFolder, createHash('sha256').update(root).digest('hex'));
    const kept = { digests: new FileDigests(), memory: new ListingMemory(), file };
    kept.digests.load(file);
    const source = this.#read(root, dockerfilePath, title, kept);
    this.#open.set(key, { source, ...kept });
    return source;
  }

  async #read(
    root: string,
    dockerfilePath: string,
    title: string | undefined,
    { digests, memory, file }: Omit<OpenFolder, 'source'>,
  ): Promise<ContextSource> {
    const ignoreFile = await findIgnoreFile(root, dockerfilePath);
    const matcher = createIgnoreMatcher(ignoreFile === null ? [] : parseIgnore(ignoreFile.text));
    const [listing] = await Promise.all([
      scanContext(root, { matcher, signal: this.#signal }),
      memory.load(listingsFile(file)),
    ]);
    if (listing.entries.length > MANY_ENTRIES) setV8Flag('heap-growing-percent', 50);
    return new ContextSource(listing, digests, { title, memory });
  }
}

function listingsFile(digestFile: string): string {
  return `${digestFile}.listings`;
}
