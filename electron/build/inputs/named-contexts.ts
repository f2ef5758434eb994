import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { canonicalReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { type GitAddress, parseRemoteAddress } from '../remote/remote-address.ts';

/** Where a named build context (`--build-context NAME=...`) takes its files from. */
export type NamedContext =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: Reference }
  /** An OCI image layout; the tag or digest chooses among its images. */
  | {
      readonly kind: 'layout';
      readonly path: string;
      readonly tag: string | null;
      readonly digest: Digest | null;
    }
  | { readonly kind: 'git'; readonly address: GitAddress }
  | { readonly kind: 'stage'; readonly stage: string };

/** The named contexts of a build, which stand before stages and images of the same name. */
export class NamedContexts {
  readonly #contexts: ReadonlyMap<string, NamedContext>;

  constructor(contexts: ReadonlyMap<string, NamedContext>) {
    this.#contexts = contexts;
  }

  /** The context of this name; `alpine`, `alpine:latest` and `docker.io/library/alpine` are one name. */
  find(name: string): NamedContext | null {
    const found = this.#contexts.get(name.toLowerCase()) ?? this.#contexts.get(name);
    if (found !== undefined) return found;
    const wanted = imageName(name);
    if (wanted === null) return null;
    for (const [other, context] of this.#contexts) if (imageName(other) === wanted) return context;
    return null;
  }

  /** Every context. */
  all(): readonly NamedContext[] {
    return [...this.#contexts.values()];
  }

  /** The stage that the name stands for by `target:STAGE`. */
  stageOf(name: string): string | null {
    const context = this.find(name);
    return context?.kind === 'stage' ? context.stage : null;
  }
}

/**
 * Reads the contexts of the build options; relative folders are below `folder`. Throws `invalid-input`, and
 * `unsupported` for addresses of no git repository.
 */
export function readNamedContexts(given: Readonly<Record<string, string>>, folder: string): NamedContexts {
  return new NamedContexts(
    new Map(Object.entries(given).map(([name, text]) => [name, readContext(name, text, folder)])),
  );
}

function readContext(name: string, text: string, folder: string): NamedContext {
  if (name === '' || text === '') {
    throw new AppError('invalid-input', `"${name}=${text}" is no build context.`, {
      hint: 'Write NAME=FOLDER, or NAME=docker-image://REF, oci-layout://FOLDER or target:STAGE.',
    });
  }
  const scheme = /^([a-z-]+):(?:\/\/)?(.*)$/s.exec(text);
  const rest = scheme?.[2] ?? '';
  if (scheme?.[1] === 'docker-image')
    return { kind: 'image', reference: withDefaultTag(parseReference(rest)) };
  if (scheme?.[1] === 'oci-layout') return readLayout(rest, folder);
  if (scheme?.[1] === 'target') return { kind: 'stage', stage: rest };
  const remote = parseRemoteAddress(text);
  if (remote?.kind === 'git') return { kind: 'git', address: remote };
  if (remote !== null || (scheme !== null && text.includes('://'))) {
    throw new AppError('unsupported', `The build context ${name} is an address of no git repository.`, {
      hint: 'Fetch it into a folder first and give the folder, or use ADD --unpack in a stage of its own.',
    });
  }
  return { kind: 'folder', path: resolve(folder, text) };
}

function readLayout(text: string, folder: string): NamedContext {
  const [place = '', digest] = text.split('@', 2);
  const tag = /:([\w][\w.-]*)$/.exec(place);
  const path = tag === null ? place : place.slice(0, tag.index);
  return {
    kind: 'layout',
    path: resolve(folder, path),
    tag: tag?.[1] ?? null,
    digest: digest === undefined ? null : parseDigest(digest),
  };
}

function imageName(text: string): string | null {
  try {
    return canonicalReference(withDefaultTag(parseReference(text)));
  } catch {
    return null;
  }
}
