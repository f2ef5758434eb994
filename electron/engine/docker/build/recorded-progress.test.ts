import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { BuildEvent } from '../../engine.ts';
import { foldEvents, stepLines } from '../../testing/watch-build.ts';
import { createBuildProgress } from './build-progress.ts';
import { planForEngine } from './engine-plan.ts';
import { createStepTracker } from './step-tracker.ts';

const recorded = (name: string) => readFile(new URL(`testdata/${name}`, import.meta.url), 'utf8');

/** Plays the answer of an engine, recorded line by line, against the Dockerfile that it was made with. */
async function replay(dockerfileName: string, answerName: string, noCache = false) {
  const [dockerfile, answer] = await Promise.all([recorded(dockerfileName), recorded(answerName)]);
  const options = { buildArgs: {}, platform: undefined, target: undefined };
  const platform = { os: 'linux', architecture: 'amd64' };
  const planned = planForEngine(dockerfile, dockerfileName, options, platform);
  const events: BuildEvent[] = [];
  const tracker = createStepTracker(planned, {
    engine: 'Docker',
    noCache,
    onEvent: (event) => events.push(event),
  });
  const progress = createBuildProgress(tracker);
  for (const line of answer.split('\n')) if (line !== '') progress.accept(JSON.parse(line));
  const failure = progress.failure();
  tracker.close(failure === null ? 'done' : 'failed');
  return { failure, imageId: progress.imageId(), events, ...foldEvents(events) };
}

const TWO_STAGES = [
  '1 FROM base:1 AS build',
  '2 ENV GREETING=hello',
  '3 RUN echo $GREETING; echo problem >&2',
  '4 WORKDIR /app',
  '5 COPY a.txt ./a.txt',
];

describe('the answer of a build', () => {
  it.each([
    [
      'of BuildKit for a rebuild',
      'two-stages.Dockerfile',
      'buildkit-rebuilt.jsonl',
      [...TWO_STAGES, '8 FROM base:1', '9 COPY --from=build /app/a.txt /a.txt', '10 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'miss', 'miss', 'miss', 'hit', 'miss', 'miss'],
    ],
    [
      'of BuildKit when all is cached',
      'two-stages.Dockerfile',
      'buildkit-cached.jsonl',
      [...TWO_STAGES, '8 FROM base:1', '9 COPY --from=build /app/a.txt /a.txt', '10 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit'],
    ],
    [
      "of Docker's classic builder for a rebuild",
      'classic.Dockerfile',
      'classic-docker-rebuilt.jsonl',
      [...TWO_STAGES, '6 FROM base:1', '7 COPY --from=build /app/a.txt /a.txt', '8 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'miss', 'miss', 'miss', 'hit', 'miss', 'miss'],
    ],
    [
      "of Docker's classic builder when all is cached",
      'classic.Dockerfile',
      'classic-docker-cached.jsonl',
      [...TWO_STAGES, '6 FROM base:1', '7 COPY --from=build /app/a.txt /a.txt', '8 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit'],
    ],
    [
      'of Buildah for a rebuild',
      'classic.Dockerfile',
      'buildah-rebuilt.jsonl',
      [...TWO_STAGES, '6 FROM base:1', '7 COPY --from=build /app/a.txt /a.txt', '8 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'miss', 'miss', 'miss', 'hit', 'miss', 'miss'],
    ],
    [
      'of Buildah when all is cached',
      'classic.Dockerfile',
      'buildah-cached.jsonl',
      [...TWO_STAGES, '6 FROM base:1', '7 COPY --from=build /app/a.txt /a.txt', '8 CMD ["cat", "/a.txt"]'],
      ['hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit', 'hit'],
    ],
  ])('%s is read as steps with their lines', async (_, dockerfile, answer, lines, states) => {
    const { steps, failure, imageId } = await replay(dockerfile, answer);
    expect(stepLines(steps)).toEqual(lines.map((line, index) => `${line} ${states[index]}`));
    expect(failure).toBeNull();
    expect(imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['two-stages.Dockerfile', 'buildkit-rebuilt.jsonl'],
    ['classic.Dockerfile', 'classic-docker-rebuilt.jsonl'],
    ['classic.Dockerfile', 'buildah-rebuilt.jsonl'],
  ])('gives the output of the commands and nothing of the engine: %s, %s', async (dockerfile, answer) => {
    const { logs } = await replay(dockerfile, answer);
    expect([...logs.keys()]).toEqual([2]);
    // The classic builder colours what went to stderr.
    const text = (logs.get(2) ?? '').replaceAll('\u001b[91m', '').replaceAll('\u001b[0m', '');
    expect(text.trim().split('\n').sort()).toEqual(['hello', 'problem']);
  });

  it.each([
    ['buildkit-fails.jsonl', 'hit'],
    ['classic-docker-fails.jsonl', 'hit'],
    ['buildah-fails.jsonl', 'hit'],
  ])('tells which step failed and with what code: %s', async (answer) => {
    const { failure, steps, logs } = await replay('fails.Dockerfile', answer);
    expect(failure).toMatchObject({ exitCode: 3, step: { line: 2 } });
    expect(steps.map(({ status }) => status)).toEqual(['hit', 'failed', 'waiting']);
    expect(steps[1]?.exitCode).toBe(3);
    expect(logs.get(1)).toBe('a\n');
  });

  it('puts the triggers of a base under its FROM', async () => {
    const { steps, logs } = await replay('onbuild.Dockerfile', 'buildkit-onbuild.jsonl');
    expect(stepLines(steps)).toEqual(['1 FROM onb:1 miss', '2 WORKDIR /x miss', '3 RUN echo one miss']);
    expect([...logs]).toEqual([
      [0, 'onb\n'],
      [2, 'one\n'],
    ]);
  });

  it('tells when the base was fetched', async () => {
    const { steps } = await replay('fetched.Dockerfile', 'buildkit-fetched.jsonl');
    expect(steps[0]).toMatchObject({ status: 'miss', reasons: [{ kind: 'base-fetched' }] });
    expect(steps[1]).toMatchObject({ status: 'miss', reasons: [{ kind: 'engine-unknown' }] });
  });

  it('gives an honest reason for each miss', async () => {
    const { steps } = await replay('two-stages.Dockerfile', 'buildkit-rebuilt.jsonl');
    const kinds = steps.map(({ reasons }) => reasons.map(({ kind }) => kind).join());
    expect(kinds).toEqual([
      '',
      '',
      'engine-unknown',
      'parent-rebuilt',
      'parent-rebuilt',
      '',
      'engine-unknown',
      'parent-rebuilt',
    ]);
    const uncached = await replay('two-stages.Dockerfile', 'buildkit-rebuilt.jsonl', true);
    expect(uncached.steps[3]?.reasons[0]?.kind).toBe('cache-off');
  });

  it('sends each state once', async () => {
    const { events } = await replay('two-stages.Dockerfile', 'buildkit-rebuilt.jsonl');
    const texts = events.map((event) => JSON.stringify(event));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
