import type { StrataClient } from '#renderer/client/client.ts';
import type { BaseUse } from '#shared/contract/bases.ts';
import { failWith } from './fail-with.ts';
import { fakeDigest } from './fake-images.ts';

const VARIABLE = 'A variable names it: pin it where the variable gets its value.';

/** Bases of the invented Dockerfile: one named by a variable, one that floats. */
function fakeUses(isPinned: boolean, isChecked: boolean): BaseUse[] {
  const use = (line: number, more: Partial<BaseUse>): BaseUse => ({
    keyword: 'FROM',
    line,
    endLine: line,
    stage: 'build',
    written: 'node',
    reference: 'node:latest',
    state: 'floating',
    localDigest: fakeDigest('node here'),
    registryDigest: isChecked ? fakeDigest('node there') : null,
    newer: isChecked ? true : null,
    pinnable: true,
    problem: null,
    ...more,
  });
  const written = {
    written: 'node:$' + '{NODE_VERSION}-slim',
    reference: 'node:20-slim',
    state: 'tagged',
  } as const;
  const pinned = {
    written: `node@${fakeDigest('node here')}`,
    reference: `node:latest@${fakeDigest('node here')}`,
    state: 'pinned',
  } as const;
  return [use(4, { ...written, pinnable: false, problem: VARIABLE }), use(13, isPinned ? pinned : {})];
}

/** The invented calls about bases. */
export function createFakeBases(
  onWrite: () => void,
): Pick<StrataClient['projects'], 'bases' | 'pinBase' | 'undoPin'> {
  let isPinned = false;
  return {
    bases: async ({ check }) => fakeUses(isPinned, check === true),
    pinBase: async ({ line, preview, digest = fakeDigest('node here') }) => {
      if (line !== 13)
        throw failWith({ code: 'not-found', message: 'The line takes no image from elsewhere.' });
      if (!preview) {
        isPinned = true;
        onWrite();
      }
      return {
        path: '/home/ada/code/web/Dockerfile',
        line,
        before: 'FROM node',
        after: `FROM node:latest@${digest}`,
        reference: 'node:latest',
        digest,
        fingerprint: 'f',
        written: !preview,
        ...(preview ? {} : { undo: 'u' }),
      };
    },
    undoPin: async () => {
      isPinned = false;
      onWrite();
      return { path: '/home/ada/code/web/Dockerfile' };
    },
  };
}
