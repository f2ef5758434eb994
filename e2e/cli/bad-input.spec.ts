import { finished } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

interface BadBuild {
  readonly what: string;
  /** Null for none. */
  readonly dockerfile: string | null;
  readonly args?: readonly string[];
  readonly code: string;
  /** What the words must name. */
  readonly says: RegExp;
  readonly line?: number;
}

const BAD: readonly BadBuild[] = [
  { what: 'no Dockerfile', dockerfile: null, code: 'not-found', says: /no Dockerfile in/ },
  {
    what: 'an empty Dockerfile',
    dockerfile: '# nothing\n',
    code: 'dockerfile-invalid',
    says: /no instructions.*Begin with FROM/,
  },
  {
    what: 'an unknown instruction',
    dockerfile: 'FROM busybox:1.36\nCOPPY a b\n',
    code: 'dockerfile-invalid',
    says: /"COPPY" is not an instruction.*COPY/,
    line: 2,
  },
  {
    what: 'an unterminated quote',
    dockerfile: 'FROM busybox:1.36\nLABEL title="Shop\n',
    code: 'dockerfile-invalid',
    says: /closing "/,
    line: 2,
  },
  {
    what: 'an unterminated heredoc',
    dockerfile: 'FROM busybox:1.36\nRUN <<END\ntrue\n',
    code: 'dockerfile-invalid',
    says: /"END" is not closed/,
    line: 2,
  },
  {
    what: 'COPY of a missing file',
    dockerfile: 'FROM busybox:1.36\nCOPY absent.txt /\n',
    code: 'not-found',
    says: /"absent.txt" is not in the build context.*\.dockerignore/,
    line: 2,
  },
  {
    what: 'COPY of a file outside the context',
    dockerfile: 'FROM busybox:1.36\nCOPY ../../etc/passwd /\n',
    code: 'not-found',
    says: /passwd" is not in the build context/,
    line: 2,
  },
  {
    what: 'a RUN that fails',
    dockerfile: 'FROM busybox:1.36\nRUN echo broken >&2; exit 3\n',
    code: 'step-failed',
    says: /ended with exit code 3/,
    line: 2,
  },
  {
    what: 'a RUN that is killed',
    dockerfile: 'FROM busybox:1.36\nRUN kill -9 $$\n',
    code: 'step-failed',
    says: /SIGKILL/,
    line: 2,
  },
  {
    what: 'an unknown stage to build',
    dockerfile: 'FROM busybox:1.36 AS build\n',
    args: ['--target', 'deploy'],
    code: 'invalid-input',
    says: /no stage "deploy".*build/,
  },
  {
    what: 'stages that need each other',
    dockerfile: 'FROM busybox:1.36 AS a\nCOPY --from=b /x /x\nFROM a AS b\nRUN true\n',
    code: 'dockerfile-invalid',
    says: /needs itself: b → a → b/,
    line: 3,
  },
  {
    what: 'a base image without a name',
    dockerfile: 'FROM $BASE\n',
    code: 'dockerfile-invalid',
    says: /base image is empty.*--build-arg/,
    line: 1,
  },
  {
    what: 'a registry that is down',
    dockerfile: 'FROM 127.0.0.1:1/base:1\n',
    code: 'registry-unreachable',
    says: /127\.0\.0\.1:1 does not accept connections/,
  },
];

for (const { what, dockerfile, args = [], code, says, line } of BAD) {
  test(`tells in plain words of ${what}`, async ({ box }) => {
    const folder = await box.files('app', dockerfile === null ? { a: 'a' } : { Dockerfile: dockerfile });
    const result = await box.strata(['build', folder, '--json', ...args]);
    expect(result.code).toBe(1);
    const { ok, error, steps } = finished(result);
    expect(ok).toBe(false);
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint}`).toMatch(says);
    expect(error?.hint).toBeTruthy();
    expect(steps.some((step) => step.status === 'hit' && step.line === line)).toBe(false);
    if (line !== undefined) expect(lineOf(error)).toBe(line);
    expect(await findFaults(box.data)).toEqual([]);
  });
}

test('tells people the same on standard error, with file and line', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPPY a b\n' });
  const result = await box.strata(['build', folder]);
  expect(result.stderr).toContain('Dockerfile:2: "COPPY" is not an instruction.');
  expect(result.stderr).toContain('Did you mean COPY?');
});

test('a base image that its registry does not have', async ({ box, registry }) => {
  const folder = await box.files('app', { Dockerfile: `FROM ${registry}/library/absent:1\n` });
  const { error } = finished(await box.strata(['build', folder, '--json']));
  expect(error?.code).toBe('base-not-found');
  expect(error?.message).toContain('absent:1');
});

test('a failed build keeps the image that its tag named before', async ({ box }) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN echo one > /one\n' });
  const good = finished(await box.strata(['build', folder, '-t', 'demo:1', '--json']));
  await box.files('app', { Dockerfile: 'FROM busybox:1.36\nRUN echo one > /one\nRUN exit 1\n' });
  const bad = finished(await box.strata(['build', folder, '-t', 'demo:1', '--json']));
  expect(bad.steps.map((step) => step.status)).toEqual(['hit', 'hit', 'failed']);
  const [image] = (await box.strata(['inspect', 'demo:1', '--json'])).events;
  expect(image?.manifestDigest).toBe(good.digest);
});

function lineOf(error: unknown): number | undefined {
  const { detail } = error as { detail?: { line?: number; range?: { line: number } } };
  return detail?.line ?? detail?.range?.line;
}
