import { describe, expect, it } from 'vitest';
import { buildError } from './build-errors.ts';
import { planForEngine } from './engine-plan.ts';

const DOCKERFILE = 'FROM base:1\nCOPY nope /\nRUN npm ci\n';
const { plan } = planForEngine(
  DOCKERFILE,
  'Dockerfile',
  { buildArgs: {}, platform: undefined, target: undefined },
  { os: 'linux', architecture: 'amd64' },
);
const step = (line: number) => plan.steps.find((candidate) => candidate.line === line) ?? null;

describe('the failure of a build on an engine', () => {
  it.each([
    ['"/nope" not found: not found', 'of BuildKit'],
    [
      'failed to compute cache key: failed to calculate checksum of ref 8z::ab: "/nope": not found',
      'of a newer BuildKit',
    ],
    [
      'COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist',
      'of the classic builder',
    ],
    [
      'building at STEP "COPY nope /": checking on sources under "/x/build": copier: stat: "/nope": no such file or directory',
      'of Buildah',
    ],
  ])('%j is a source that is missing, %s', (words) => {
    const error = buildError({
      words,
      step: step(2),
      instruction: null,
      exitCode: null,
      dockerfile: 'D',
      engine: 'Docker',
    });
    expect(error).toMatchObject({
      code: 'step-failed',
      hint: 'Check the path, and that the ignore file does not leave it out.',
      detail: { kind: 'step', line: 2, instruction: 'COPY nope /', exitCode: null },
    });
    expect(error.message).toMatch(/^Line 2: COPY nope \/: \/?nope is not there to copy\.$/);
  });

  it.each([
    [1, 'Line 3: RUN npm ci ended with exit code 1.', /log/],
    [127, 'Line 3: RUN npm ci ended with exit code 127.', /not found/],
    [137, 'Line 3: RUN npm ci ended with exit code 137.', /memory/],
  ])('exit code %i', (exitCode, message, hint) => {
    const words = `process "/bin/sh -c npm ci" did not complete successfully: exit code: ${exitCode}`;
    const error = buildError({
      words,
      step: step(3),
      instruction: null,
      exitCode,
      dockerfile: 'D',
      engine: 'Docker',
    });
    expect(error).toMatchObject({ code: 'step-failed', message, detail: { exitCode } });
    expect(error.hint).toMatch(hint);
  });

  it('names the trigger of the base that failed', () => {
    const words = 'failed to compute cache key: "/a.txt" not found: not found';
    const instruction = 'COPY a.txt /';
    const error = buildError({
      words,
      step: step(1),
      instruction,
      exitCode: null,
      dockerfile: 'D',
      engine: 'Docker',
    });
    expect(error.message).toBe('Line 1: ONBUILD COPY a.txt /: /a.txt is not there to copy.');
  });

  it.each([
    [
      'docker.io/library/nope:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'base-not-found',
      /^The base image/,
    ],
    [
      'failed to solve: nope:1: failed to resolve source metadata for docker.io/library/nope:1: docker.io/library/nope:1: not found',
      'base-not-found',
      /nope:1 was not found/,
    ],
    [
      'failed to do request: Head "https://registry-1.docker.io/v2/library/nope/manifests/1": dial tcp: lookup registry-1.docker.io: no such host',
      'registry-unreachable',
      /^The base image nope:1 could not be fetched/,
    ],
    [
      'failed to do request: Head "http://localhost:5000/v2/t/x/manifests/2": dial tcp 127.0.0.1:5000: connect: connection refused',
      'registry-unreachable',
      /^The base image localhost:5000\/t\/x:2 could not/,
    ],
  ])('%s is about the base', (words, code, message) => {
    const error = buildError({
      words,
      step: null,
      instruction: null,
      exitCode: null,
      dockerfile: 'D',
      engine: 'Docker',
    });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('points at the line of a syntax that only the engine refuses', () => {
    const words =
      'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUNN';
    const error = buildError({
      words,
      step: null,
      instruction: null,
      exitCode: null,
      dockerfile: '/p/D',
      engine: 'Docker',
    });
    expect(error).toMatchObject({
      code: 'dockerfile-invalid',
      message: 'Line 2: Unknown instruction: RUNN.',
      detail: { kind: 'source', path: '/p/D', range: { line: 2 } },
    });
  });

  it("keeps the engine's words where nothing else is known", () => {
    const failure = { step: null, instruction: null, exitCode: null, dockerfile: 'D', engine: 'Podman' };
    expect(buildError({ ...failure, words: 'something odd' }).message).toBe('Something odd.');
    expect(buildError({ ...failure, words: '' }).message).toBe('Podman ended the build without saying why.');
  });
});
