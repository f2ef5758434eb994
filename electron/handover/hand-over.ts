import { createConnection, type Socket } from 'node:net';
import { strataHome } from '../platform/paths.ts';
import { BUILD_IDENTITY } from './build-identity.ts';
import { endWithReader } from './end-with-reader.ts';
import { CANCEL, FRAME, FrameReader } from './frames.ts';
import { findHosts } from './meeting-place.ts';
import { ownStanding } from './terminal-place.ts';

/** The exit code of what was cancelled. */
const CANCELLED = 130;
/** A host that runs says within this time whether it takes a build. */
const ANSWER_MS = 3_000;

/** The host went away although it had taken the build. */
export const HOST_LOST = 'host-lost';

/**
 * Has a host that runs on the data folder do `strata build WORDS`. Answers the exit code, null when no host takes it
 * (nothing was done or printed then), or that the host was lost. This is all that a terminal loads for a build that
 * is handed over.
 */
export async function handOver(words: readonly string[]): Promise<number | typeof HOST_LOST | null> {
  const { env } = process;
  if (env.STRATA_STANDALONE || words.includes('--help') || words.includes('-h')) return null;
  const addresses = findHosts(strataHome(env));
  if (addresses.length === 0) return null;
  const request = {
    strata: BUILD_IDENTITY,
    words,
    cwd: process.cwd(),
    env,
    standing: ownStanding(),
  };
  const line = `${JSON.stringify(request)}\n`;
  for (const address of addresses) {
    const end = await ask(address, line);
    if (end !== null) return end;
  }
  return null;
}

function ask(address: string, line: string): Promise<number | typeof HOST_LOST | null> {
  const socket = createConnection(address);
  // One that hangs must not keep a build from being done.
  const patience = setTimeout(() => socket.destroy(), ANSWER_MS);
  return new Promise((resolve) => {
    let end: number | typeof HOST_LOST | null = null;
    let stopSignals = () => false;
    let text = '';
    const reader = new FrameReader((kind, part, isLast) => {
      clearTimeout(patience);
      if (kind === FRAME.output) print(process.stdout, part, socket);
      else if (kind === FRAME.complaint) print(process.stderr, part, socket);
      else if (kind === FRAME.taken) {
        end = HOST_LOST;
        endWithReader(process.stdout);
        tellCurious('handed over to the app');
      } else {
        text += part.toString();
        if (!isLast) return;
        if (kind === FRAME.ended) end = Number(text);
        else tellCurious(`not handed over to the app: ${text}`);
        socket.destroy();
      }
    });
    socket.on('data', (bytes: Buffer) => reader.read(bytes));
    // Nobody listens, or it was killed: `close` follows, and what was heard until then decides.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(patience);
      resolve(stopSignals() && end === null ? CANCELLED : end);
    });
    socket.write(line);
    // After the request has gone out: the host begins meanwhile. Until then a signal ends the process, as any.
    socket.once('connect', () => {
      stopSignals = cancelAtSignals(socket);
    });
  });
}

function tellCurious(text: string): void {
  if (process.env.STRATA_DEBUG) process.stderr.write(`strata: ${text}\n`);
}

/** Prints, and reads no more from the host while the reader of the output is behind. */
function print(stream: NodeJS.WriteStream, bytes: Buffer, socket: Socket): void {
  if (stream.write(bytes)) return;
  socket.pause();
  stream.once('drain', () => socket.resume());
}

/**
 * Ctrl-C has the host cancel; a second one ends the process at once, which cancels as well. What is answered stops that,
 * and tells whether somebody cancelled.
 */
function cancelAtSignals(socket: Socket): () => boolean {
  let isCancelled = false;
  const cancel = (): void => {
    if (isCancelled) process.exit(CANCELLED);
    isCancelled = true;
    socket.write(Buffer.of(CANCEL));
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, cancel);
  return () => {
    for (const name of names) process.off(name, cancel);
    return isCancelled;
  };
}
