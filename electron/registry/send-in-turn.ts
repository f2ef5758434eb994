import { wait } from './retry.ts';

/** What other processes on this machine send, and where they learn what this one does. */
export interface SharedUploads {
  /** Whether another process sends to `place` now; `senior`: one that goes before this one where both began at once. */
  isElsewhere(place: string, rank: 'any' | 'senior'): Promise<boolean>;
  /** Says that this process sends there, until what it answers is called. */
  claim(place: string): Promise<() => Promise<void>>;
}

/** Milliseconds between two looks at what another process does. */
const LOOK_MS = 200;

/**
 * Sends when no other process on this machine sends to the same place: who comes second waits, and then finds it there,
 * or sends it where the first one failed or died. Where both begin in the same moment it may be sent twice.
 */
export async function sendInTurn(
  uploads: SharedUploads | undefined,
  place: string,
  options: { readonly onWait: () => void; readonly signal: AbortSignal | undefined },
  send: () => Promise<void>,
): Promise<void> {
  if (uploads === undefined) return send();
  const waitFor = async (rank: 'any' | 'senior'): Promise<void> => {
    while (await uploads.isElsewhere(place, rank)) {
      options.onWait();
      await wait(LOOK_MS, options.signal);
    }
  };
  await waitFor('any');
  let release = await uploads.claim(place);
  try {
    while (await uploads.isElsewhere(place, 'senior')) {
      await release();
      await waitFor('senior');
      release = await uploads.claim(place);
    }
    await send();
  } finally {
    await release();
  }
}
