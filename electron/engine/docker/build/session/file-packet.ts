import { numberField, readProtobuf } from '../protobuf-reader.ts';
import { writeEmptyMessage, writeProtobuf } from '../protobuf-writer.ts';
import type { SentEntry } from '../sent-entries.ts';

/** The packets of BuildKit's file transfer (`fsutil.types.Packet`): type 1, stat 2, ID 3, data 4. */
const PACKET = { stat: 0, request: 1, data: 2, finish: 3, error: 4 } as const;

/** Bits that Go's os.FileMode has beside the permissions; a Stat carries that, not the system's mode. */
const GO_MODE = { directory: 2 ** 31, symlink: 2 ** 27, setuid: 2 ** 23, setgid: 2 ** 22, sticky: 2 ** 20 };

/** What a receiver asks for. */
export type ReceivedPacket =
  | { readonly kind: 'request'; readonly id: number }
  | { readonly kind: 'finish' }
  | { readonly kind: 'other' };

/** Reads a packet of the receiver. */
export function readPacket(message: Buffer): ReceivedPacket {
  const fields = readProtobuf(message);
  const type = numberField(fields, 1);
  if (type === PACKET.request) return { kind: 'request', id: numberField(fields, 3) };
  return type === PACKET.finish ? { kind: 'finish' } : { kind: 'other' };
}

/**
 * One entry of the tree: `fsutil.types.Stat` (path 1, mode 2, uid 3, gid 4, size 5, mod time 6 in ns, link name 7). A file
 * with a link name is a hard link.
 */
export function statPacket(entry: SentEntry): Buffer {
  const stat = writeProtobuf([
    [1, entry.path],
    [2, goMode(entry)],
    [3, entry.uid],
    [4, entry.gid],
    [5, entry.hardLink === undefined ? entry.size : 0],
    [6, BigInt(Math.floor(entry.mtimeMs)) * 1_000_000n],
    [7, entry.hardLink ?? entry.linkTarget],
  ]);
  return writeProtobuf([[2, stat]]);
}

/** Says that all entries were told. */
export function endOfStatsPacket(): Buffer {
  return writeProtobuf([[1, PACKET.stat]]);
}

/** A piece of the file with this number; none of `data` ends it. */
export function dataPacket(id: number, data: Uint8Array): Buffer {
  const head = writeProtobuf([
    [1, PACKET.data],
    [3, id],
  ]);
  return data.length === 0
    ? Buffer.concat([head, writeEmptyMessage(4)])
    : Buffer.concat([head, writeProtobuf([[4, data]])]);
}

/** The last packet of both sides. */
export function finishPacket(): Buffer {
  return writeProtobuf([[1, PACKET.finish]]);
}

function goMode(entry: SentEntry): number {
  const type =
    entry.type === 'directory' ? GO_MODE.directory : entry.type === 'symlink' ? GO_MODE.symlink : 0;
  const special =
    (entry.mode & 0o4000 ? GO_MODE.setuid : 0) +
    (entry.mode & 0o2000 ? GO_MODE.setgid : 0) +
    (entry.mode & 0o1000 ? GO_MODE.sticky : 0);
  return type + special + (entry.mode & 0o777);
}
