import { z } from 'zod';
import type { BuildFailure } from './build-errors.ts';
import { createBuildKitProgress, exitCodeOf, parseVertexName } from './buildkit-progress.ts';
import { decodeBuildKitStatus } from './buildkit-status.ts';
import { classicExitCode, createClassicProgress } from './classic-progress.ts';
import type { StepTracker } from './step-tracker.ts';

/** One message of `POST /build`: BuildKit's trace, the classic builder's text, the image's id, or the error. */
const message = z.object({
  id: z.string().nullish(),
  aux: z.union([z.string(), z.object({ ID: z.string().nullish() })]).nullish(),
  stream: z.string().nullish(),
  status: z.string().nullish(),
  error: z.string().nullish(),
  errorDetail: z.object({ message: z.string().nullish() }).nullish(),
});

/** The answer of a build as it comes, whichever builder sends it. */
export interface BuildProgress {
  accept(value: unknown): void;
  /** Files come through a session, so that the engine's text is never a step's. */
  expectSession(): void;
  /** The engine's words and the step at which it gave up; null when there was no error. */
  failure(): Omit<BuildFailure, 'dockerfile' | 'engine'> | null;
  imageId(): string | null;
}

const TRACE = 'moby.buildkit.trace';

/** Sends each message to the reader that understands it. */
export function createBuildProgress(tracker: StepTracker): BuildProgress {
  const buildKit = createBuildKitProgress(tracker);
  const classic = createClassicProgress(tracker);
  let hasTrace = false;
  let imageId: string | null = null;
  let words: string | null = null;

  return {
    expectSession: () => {
      hasTrace = true;
    },
    accept(value) {
      const parsed = message.safeParse(value);
      if (!parsed.success) return;
      const { id, aux, stream, status, error, errorDetail } = parsed.data;
      if (typeof aux === 'string') {
        hasTrace = true;
        if (id === TRACE) buildKit.accept(decodeBuildKitStatus(Buffer.from(aux, 'base64')));
      } else if (aux?.ID) imageId = aux.ID;
      if (!hasTrace && stream) classic.accept(stream);
      // The classic builder tells a pull as statuses.
      if (!hasTrace && status) classic.accept(`${status}\n`);
      if (error || errorDetail?.message) words = errorDetail?.message || error || '';
    },
    failure() {
      if (!hasTrace) {
        const step = classic.current();
        classic.finish(words);
        return words === null ? null : { words, step, instruction: null, exitCode: classicExitCode(words) };
      }
      if (words === null) return null;
      const failed = buildKit.failure();
      return {
        words,
        step: failed?.step ?? null,
        instruction: parseVertexName(failed?.vertex.name ?? '')?.text ?? null,
        exitCode: exitCodeOf(failed?.vertex.error ?? words),
      };
    },
    imageId: () => imageId,
  };
}
