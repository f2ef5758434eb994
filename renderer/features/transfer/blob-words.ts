import type { Operation, TransferBlob } from '#shared/contract/operations.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';

/** How a blob is, for its line in a dialog. */
export interface BlobWords {
  /** A word or two. */
  readonly text: string;
  /** A colour of text.module.css. */
  readonly tone?: 'ok' | 'warn' | 'bad';
  /** Why it is so, in a sentence that needs a line of its own. */
  readonly why?: string | undefined;
}

/** The state of a blob in words. */
export function blobWords(blob: TransferBlob, isPush: boolean): BlobWords {
  switch (blob.state) {
    case 'waiting':
      return { text: 'waiting' };
    case 'exists':
      return { text: isPush ? 'already there' : 'already here', tone: 'ok' };
    case 'mounted':
      return { text: 'shared there', tone: 'ok' };
    case 'transferring':
      return { text: isPush ? 'uploading' : 'downloading' };
    case 'retrying':
      // Why and until when stands above all layers, since a registry that is away fails them all.
      return blob.retryAt === undefined
        ? { text: 'trying again', tone: 'warn', why: blob.note }
        : { text: 'retrying', tone: 'warn' };
    case 'verifying':
      return { text: 'checking' };
    case 'done':
      return { text: isPush ? 'sent' : 'done', tone: 'ok' };
    case 'failed':
      return { text: 'failed', tone: 'bad', why: blob.note };
  }
}

/** As many as a dialog shows without scrolling. */
const IN_VIEW = 9;

const RANKS: Readonly<Record<TransferBlob['state'], number>> = {
  failed: 0,
  retrying: 1,
  transferring: 1,
  verifying: 1,
  waiting: 2,
  done: 3,
  mounted: 3,
  exists: 3,
};

/**
 * The blobs newest first as in the stack, with those that need no transfer joined into one line at the end. Of more than
 * can be seen at once those come first that something happens to.
 */
export function joinPresent(blobs: readonly TransferBlob[]): readonly TransferBlob[] {
  const layers = blobs.filter((blob) => !isDocument(blob)).reverse();
  if (layers.length > IN_VIEW) layers.sort((a, b) => RANKS[a.state] - RANKS[b.state]);
  const documents = blobs.filter(isDocument);
  const present = layers.filter((blob) => blob.state === 'exists' || blob.state === 'mounted');
  if (present.length < 2) return [...layers, ...documents];
  const size = present.reduce((sum, blob) => sum + blob.size, 0);
  const joined: TransferBlob = {
    digest: 'present',
    label: formatCount(present.length, 'layer'),
    size,
    done: size,
    state: 'exists',
  };
  return [...layers.filter((blob) => !present.includes(blob)), joined, ...documents];
}

/** Bytes of a transfer: those of all blobs, those that must be moved, and those that still must. */
export interface TransferSums {
  readonly all: number;
  readonly moving: number;
  readonly left: number;
}

/** Adds a transfer up; what is there already need not be moved. */
export function transferSums(blobs: readonly TransferBlob[]): TransferSums {
  const sums = { all: 0, moving: 0, left: 0 };
  for (const { state, size, done } of blobs) {
    sums.all += size;
    if (state === 'exists' || state === 'mounted') continue;
    sums.moving += size;
    if (state !== 'done') sums.left += Math.max(0, size - done);
  }
  return sums;
}

/** What a transfer of such a kind still has to do, in words; undefined while nothing is known. */
export function transferNote(
  kind: Operation['kind'],
  isRunning: boolean,
  blobs: readonly TransferBlob[],
): string | undefined {
  if (blobs.length === 0) return undefined;
  const { all, moving, left } = transferSums(blobs);
  const words = kind === 'push' || kind === 'pull' ? WORDS[kind] : WORDS.save;
  if (isRunning) return `${formatBytes(left)} ${words.left} of ${formatBytes(moving)}`;
  if (moving === all) return `${formatBytes(all)} in all`;
  return `${formatBytes(all)} in all, ${formatBytes(moving - left)} ${words.moved}`;
}

const WORDS = {
  push: { left: 'left to send', moved: 'sent' },
  pull: { left: 'left to fetch', moved: 'fetched' },
  save: { left: 'left to write', moved: 'written' },
} as const;

function isDocument(blob: TransferBlob): boolean {
  return blob.label === 'config' || blob.label === 'manifest';
}
