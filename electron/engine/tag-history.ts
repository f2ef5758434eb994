import type { TagMove } from '#shared/contract/tags.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type FetchedManifest, fetchManifest, putManifest } from '../registry/manifests.ts';
import { ownRepository } from '../registry/repository.ts';
import type { NameTarget } from '../store/names.ts';
import type { Store } from '../store/store.ts';
import type { JournalEntry } from '../store/tag-journal.ts';
import type { TagHistory } from './ports.ts';
import { guardTag, type TagRules } from './tag-guard.ts';

/** What the history of tags works with. */
export interface TagHistoryOptions {
  readonly store: Store;
  /** Opens the registries; asked when a tag at one is to be moved back. */
  client(): Promise<RegistryClient>;
  tagRules(): Promise<Pick<TagRules, 'floating' | 'immutable'>>;
}

/** The journal of a store as people read it, and the way back. */
export function createTagHistory(options: TagHistoryOptions): TagHistory {
  const { journal } = options.store;
  return {
    list: async ({ name, ...range }) => {
      const wanted =
        name === undefined ? undefined : canonicalReference(withDefaultTag(parseReference(name)));
      return (await journal.list({ name: wanted, ...range })).map(viewOf);
    },
    rollBack: async (id, { confirmName, signal }) => {
      const entry = await journal.get(id);
      if (entry.host === null) return viewOf(await rollBackName(options.store, entry));
      return viewOf(await rollBackRemote(options, entry, confirmName, signal));
    },
  };
}

function viewOf({ fromIndex: _index, fromImage: _image, name, ...move }: JournalEntry): TagMove {
  return { ...move, name: familiarReference(parseReference(name)) };
}

/** What the name of an entry pointed at; null where it was free. Throws `malformed`. */
function formerTarget({ from, fromIndex, fromImage }: JournalEntry): NameTarget | null {
  if (from === null) return null;
  if (fromImage !== undefined) return { digest: parseDigest(fromImage), indexDigest: parseDigest(from) };
  const indexDigest = fromIndex === undefined ? undefined : parseDigest(fromIndex);
  return { digest: parseDigest(from), indexDigest };
}

async function rollBackName(store: Store, entry: JournalEntry): Promise<JournalEntry> {
  const { name, from } = entry;
  const former = formerTarget(entry);
  const reference = parseReference(name);
  const current = await store.names.resolve(reference);
  const isThere = current?.digest === former?.digest && current?.indexDigest === former?.indexDigest;
  if (isThere) throw unchanged(name, from);
  if (former === null) await store.removeName(reference, 'roll-back');
  else {
    const { digest } = former;
    const known = (await store.images.get(digest)) ?? (await store.documents.get(digest));
    if (known === null)
      throw new AppError('not-found', `The image ${digest} is not in the store any more.`, {
        hint: 'Pull or build it again, and give it the name.',
      });
    await store.setName(reference, former, 'roll-back');
  }
  const [last] = await store.journal.list({ name, limit: 1 });
  if (last === undefined) throw new AppError('internal', `The journal did not keep the move of ${name}.`);
  return last;
}

async function rollBackRemote(
  options: TagHistoryOptions,
  { name, host, from }: JournalEntry,
  confirmName: string | undefined,
  signal: AbortSignal | undefined,
): Promise<JournalEntry> {
  const reference = parseReference(name);
  if (from === null)
    throw new AppError('unsupported', `${familiarReference(reference)} did not exist before this move.`, {
      hint: 'A registry may delete the image with its tag. Delete the tag at the registry if that is meant.',
    });
  const digest = parseDigest(from);
  const client = await options.client();
  const repository = ownRepository(client, reference);
  const rules = { ...(await options.tagRules()), moveTag: true, confirmName };
  const current = await guardTag(client, reference, digest, rules, signal);
  if (current === digest) throw unchanged(name, from);
  const manifest = await fetchManifest(client, repository, digest, signal).catch(explainGone(from));
  await putManifest(client, repository, reference.tag ?? 'latest', manifest, signal);
  const move = { name, host, from: current, to: digest, by: 'roll-back' } as const;
  const entry = await options.store.journal.append(move);
  if (entry === null) throw unchanged(name, from);
  return entry;
}

function explainGone(digest: string): (error: unknown) => FetchedManifest {
  return (error) => {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
    throw new AppError('not-found', `The registry does not keep ${digest} any more.`, {
      hint: 'If the image is still in the store, push it again and move the tag.',
      detail: error.detail,
      cause: error,
    });
  };
}

function unchanged(name: string, digest: string | null): AppError {
  const familiar = familiarReference(parseReference(name));
  return new AppError(
    'conflict',
    digest === null ? `${familiar} is free already.` : `${familiar} names ${digest} already.`,
  );
}
