import { open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { contextReadError } from '../../../../build/context/context-error.ts';
import { createIgnoreMatcher, parseExcludes } from '../../../../build/context/ignore.ts';
import { scanContext } from '../../../../build/context/scan-context.ts';
import type { ContextPlace } from '../../../../build/context-place.ts';
import { type SentEntry, sentEntries } from '../sent-entries.ts';
import { dataPacket, endOfStatsPacket, finishPacket, readPacket, statPacket } from './file-packet.ts';
import type { GrpcCall, GrpcHandler } from './grpc-server.ts';

/** What BuildKit may read during a build, and nothing else. */
export interface SyncedFiles {
  /** Absolute path of the context folder. */
  readonly contextPath: string;
  /** Absolute path of the Dockerfile; its text is what was planned, whatever the file holds by now. */
  readonly dockerfilePath: string;
  readonly dockerfileText: string;
  /** Whether the context was fetched: then its ignore file is one of its files and does not count. */
  readonly isFetched: boolean;
  /** What its archive or its commit says of its files; absent for a folder of this machine. */
  readonly attributesOf: ContextPlace['attributesOf'];
}

/** Something that can be sent: its entry, and its bytes when it is not read from the disk. */
interface Sendable {
  readonly entry: SentEntry;
  readonly source: { readonly file: string } | { readonly bytes: Buffer };
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Sends the Dockerfile and the context as BuildKit asks for them (`moby.filesync.v1.FileSync/DiffCopy`): it is told
 * every entry that its patterns leave, and asks for the content of those that changed since the last build.
 */
export function createFileSyncService(files: SyncedFiles, signal: AbortSignal): Map<string, GrpcHandler> {
  const diffCopy: GrpcHandler = async (call) => send(call, await select(call, files, signal), signal);
  return new Map([['/moby.filesync.v1.FileSync/DiffCopy', diffCopy]]);
}

async function select(call: GrpcCall, files: SyncedFiles, signal: AbortSignal): Promise<Sendable[]> {
  const [folder] = metadata(call, 'dir-name');
  // Engines name what they want by either list; followed paths may lead on through links.
  const wanted = [...metadata(call, 'followpaths'), ...metadata(call, 'include-patterns')];
  if (folder === 'dockerfile') return dockerfiles(files, wanted);
  if (folder !== 'context') throw new AppError('not-found', `There is no folder "${folder}" to send.`);
  // What BuildKit reads to know what it leaves out.
  const isIgnoreFile = wanted.length > 0 && wanted.every((name) => name.endsWith('.dockerignore'));
  if (files.isFetched && isIgnoreFile) return [];
  const listing = await scanContext(files.contextPath, {
    matcher: createIgnoreMatcher(parseExcludes(metadata(call, 'exclude-patterns'))),
    roots: wanted.length === 0 ? undefined : wanted,
    signal,
  });
  return Array.from(sentEntries(listing.entries, files.attributesOf), (entry) => ({
    entry,
    source: { file: path.join(files.contextPath, entry.path) },
  }));
}

/** The Dockerfile and the ignore file of its own, as far as they are wanted; nothing else of their folder. */
async function dockerfiles(files: SyncedFiles, wanted: readonly string[]): Promise<Sendable[]> {
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  const name = path.basename(files.dockerfilePath);
  const found: Sendable[] = [];
  if (isWanted(name)) found.push(textFile(name, Buffer.from(files.dockerfileText, 'utf8')));
  const ignoreName = `${name}.dockerignore`;
  if (isWanted(ignoreName)) {
    const folder = path.dirname(files.dockerfilePath);
    const { entries } = await scanContext(folder, { roots: [ignoreName] });
    for (const entry of sentEntries(entries, undefined))
      found.push({ entry, source: { file: path.join(folder, entry.path) } });
  }
  return found;
}

function textFile(name: string, bytes: Buffer): Sendable {
  const now = Date.now();
  const entry: SentEntry = {
    path: name,
    type: 'file',
    mode: 0o644,
    size: bytes.length,
    mtimeMs: now,
    ctimeMs: now,
    ino: 0,
    links: 1,
    uid: 0,
    gid: 0,
  };
  return { entry, source: { bytes } };
}

async function send(call: GrpcCall, sendables: readonly Sendable[], signal: AbortSignal): Promise<void> {
  const wanted = followRequests(call);
  for (const { entry } of sendables) {
    signal.throwIfAborted();
    await call.send(statPacket(entry));
  }
  await call.send(endOfStatsPacket());
  for (let id = await wanted.next(); id !== null; id = await wanted.next()) {
    signal.throwIfAborted();
    const sendable = sendables[id];
    if (sendable === undefined) throw new AppError('malformed', `There is no entry ${id} to send.`);
    await sendContent(call, id, sendable);
  }
  await call.send(finishPacket());
}

/** Reads the receiver's requests while entries are still being told: else both sides could wait for each other. */
function followRequests(call: GrpcCall): { next(): Promise<number | null> } {
  const requests: number[] = [];
  let end: { error: unknown } | null = null;
  let wake = () => {};
  const read = async () => {
    for await (const message of call.messages) {
      const packet = readPacket(message);
      if (packet.kind === 'finish') return;
      if (packet.kind === 'request') requests.push(packet.id);
      wake();
    }
  };
  read().then(
    () => {
      end = { error: null };
      wake();
    },
    (error) => {
      end = { error };
      wake();
    },
  );
  return {
    async next() {
      while (requests.length === 0 && end === null) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const id = requests.shift();
      if (id !== undefined) return id;
      if (end !== null && end.error !== null) throw end.error;
      return null;
    },
  };
}

async function sendContent(call: GrpcCall, id: number, { entry, source }: Sendable): Promise<void> {
  if ('bytes' in source) await call.send(dataPacket(id, source.bytes));
  else if (entry.type === 'file') await sendFile(call, id, source.file);
  await call.send(dataPacket(id, new Uint8Array()));
}

async function sendFile(call: GrpcCall, id: number, file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error) => {
    throw contextReadError(error, file);
  });
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      await call.send(dataPacket(id, buffer.subarray(0, bytesRead)));
    }
  } finally {
    await handle.close();
  }
}

/** Values of a header; BuildKit escapes those that are not ASCII and says so in a second header. */
function metadata(call: GrpcCall, name: string): string[] {
  const values = call.metadata(name);
  const isEncoded = call.metadata(`${name}-encoded`)[0] === '1';
  return isEncoded ? values.map((value) => decodeURIComponent(value.replaceAll('+', ' '))) : values;
}
