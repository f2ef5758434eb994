import { createConnection } from 'node:net';
import { strataHome } from '../platform/paths.ts';
import { BUILD_IDENTITY } from './build-identity.ts';
import { FRAME, FrameReader } from './frames.ts';
import { findHosts } from './meeting-place.ts';
import { ownStanding } from './terminal-place.ts';

/** A host that runs says within this time whether it would take a build. */
const ANSWER_MS = 3_000;

/** What would become of a build of this terminal. `why` has names of what differs, never a value. */
export type HostAnswer =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'standalone' }
  | { readonly kind: 'takes' }
  | { readonly kind: 'declines'; readonly why: string };

/** Asks the hosts on the data folder, in the order of a build, whether one would take a build of this terminal. */
export async function askHosts(env: NodeJS.ProcessEnv, cwd: string): Promise<HostAnswer> {
  if (env.STRATA_STANDALONE) return { kind: 'standalone' };
  const request = { strata: BUILD_IDENTITY, words: [], cwd, env, standing: ownStanding(), asks: true };
  let answer: HostAnswer = { kind: 'nobody' };
  for (const address of findHosts(strataHome(env))) {
    const said = await ask(address, `${JSON.stringify(request)}\n`);
    if (said.kind === 'takes') return said;
    if (answer.kind === 'nobody') answer = said;
  }
  return answer;
}

function ask(address: string, line: string): Promise<HostAnswer> {
  const socket = createConnection(address);
  return new Promise((resolve) => {
    let isThere = false;
    let answer: HostAnswer | null = null;
    let why = '';
    const patience = setTimeout(() => socket.destroy(), ANSWER_MS);
    const reader = new FrameReader((kind, part, isLast) => {
      if (kind === FRAME.taken) answer = { kind: 'takes' };
      if (kind === FRAME.declined) {
        why += part.toString();
        if (isLast) answer = { kind: 'declines', why };
      }
      if (answer !== null) socket.destroy();
    });
    socket.once('connect', () => {
      isThere = true;
      socket.write(line);
    });
    socket.on('data', (bytes: Buffer) => reader.read(bytes));
    // Nobody listens: it was killed, and `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(patience);
      const silent: HostAnswer = {
        kind: 'declines',
        why: 'it is another version of Strata, or does not answer',
      };
      resolve(answer ?? (isThere ? silent : { kind: 'nobody' }));
    });
  });
}
