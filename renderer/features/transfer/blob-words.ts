import type { TransferBlob } from '#shared/contract/operations.ts';
import { formatCount } from '#shared/format/count.ts';

/** The state of a blob in a word or two; `tone` names a colour of text.module.css. */
export function blobWords(
  blob: TransferBlob,
  isPush: boolean,
): { readonly text: string; readonly tone?: 'ok' | 'warn' | 'bad' } {
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
      return { text: blob.note ?? 'trying again', tone: 'warn' };
    case 'verifying':
      return { text: 'checking' };
    case 'done':
      return { text: isPush ? 'sent' : 'done', tone: 'ok' };
    case 'failed':
      return { text: blob.note ?? 'failed', tone: 'bad' };
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

/** Bytes still to be moved and bytes in all. */
export function transferSums(blobs: readonly TransferBlob[]): {
  readonly moving: number;
  readonly all: number;
} {
  const sum = (list: readonly TransferBlob[]): number => list.reduce((total, blob) => total + blob.size, 0);
  const moving = blobs.filter((blob) => blob.state !== 'exists' && blob.state !== 'mounted');
  return { moving: sum(moving), all: sum(blobs) };
}

function isDocument(blob: TransferBlob): boolean {
  return blob.label === 'config' || blob.label === 'manifest';
}
