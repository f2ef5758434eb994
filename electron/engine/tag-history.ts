import type { TagMove } from '#shared/contract/tags.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import { fetchIfThere, putManifest } from '../registry/manifests.ts';
import { ownRepository } from '../registry/repository.ts';
import type { NameTarget } from '../store/names.ts';
import type { Store } from '../store/store.ts';
import type { JournalEntry } from '../store/tag-journal.ts';
import { sendFromStore } from './builtin/push.ts';
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
  const manifest = await fetchIfThere(client, repository, digest, signal);
  if (manifest !== null) await putManifest(client, repository, reference.tag ?? 'latest', manifest, signal);
  else await sendAgain(options.store, client, digest, reference, signal);
  const move = { name, host, from: current, to: digest, by: 'roll-back' } as const;
  const entry = await options.store.journal.append(move);
  if (entry === null) throw unchanged(name, from);
  return entry;
}

/** Sends an image that the registry has deleted meanwhile from the store. Throws `not-found` where it is not here either. */
async function sendAgain(
  store: Store,
  client: RegistryClient,
  digest: Digest,
  reference: Reference,
  signal: AbortSignal | undefined,
): Promise<void> {
  const known = (await store.images.get(digest)) ?? (await store.documents.get(digest));
  if (known === null)
    throw new AppError(
      'not-found',
      `${reference.domain} does not keep ${digest} any more, nor does the store.`,
      {
        hint: 'Build or pull that image again, and push it under this tag.',
      },
    );
  await sendFromStore(store, client, digest, withDefaultTag(reference), { signal });
}

function unchanged(name: string, digest: string | null): AppError {
  const familiar = familiarReference(parseReference(name));
  return new AppError(
    'conflict',
    digest === null ? `${familiar} is free already.` : `${familiar} names ${digest} already.`,
  );
}
