import { AppError } from '#shared/errors/app-error.ts';
import type { PlanStep } from '../../../build/plan/build-plan.ts';
import { sentence } from '../docker-errors.ts';
import { familiarName } from '../image-names.ts';
import { hubDomain } from '../registry-auth.ts';

/** What is known when an engine ends a build with an error. */
export interface BuildFailure {
  /** The engine's words. */
  readonly words: string;
  /** The step that failed, null when none had begun. */
  readonly step: PlanStep | null;
  /** What the engine was doing for the step, where it says so: a trigger (ONBUILD) of the base is under its FROM. */
  readonly instruction: string | null;
  readonly exitCode: number | null;
  /** Path of the Dockerfile, for places in it. */
  readonly dockerfile: string;
  /** Name for people: "Docker". */
  readonly engine: string;
}

/** The engine's failure in our words: which step or base, what happened, what to do. */
export function buildError(failure: BuildFailure): AppError {
  const words = cleanWords(failure.words);
  return (
    dockerfileError(words, failure) ??
    baseError(words, failure) ??
    (failure.step === null ? engineError(words, failure) : stepError(words, failure, failure.step))
  );
}

/** The words without BuildKit's and Buildah's chain of who told whom. */
function cleanWords(words: string): string {
  return words
    .trim()
    .replace(/^failed to solve(?: with frontend [\w.]+)?: /, '')
    .replace(/^failed to create LLB definition: /, '')
    .replace(/^rpc error: code = \w+ desc = /, '');
}

function dockerfileError(words: string, { dockerfile }: BuildFailure): AppError | null {
  const match = /dockerfile parse error (?:on )?line (\d+): (.*)$/s.exec(words);
  if (match === null) return null;
  const line = Number(match[1]);
  return new AppError('dockerfile-invalid', `Line ${line}: ${sentence(match[2] ?? '')}`, {
    detail: { kind: 'source', path: dockerfile, range: { line, column: 0, endLine: line, endColumn: 0 } },
  });
}

const NETWORK = /no such host|connection refused|i\/o timeout|network is unreachable|TLS handshake|x509|EOF$/;
const REFUSED = /authorization failed|unauthorized|access denied|insufficient_scope|denied:/i;
const MISSING = /not found|does not exist|manifest unknown|no such image|name unknown/i;

/** A base that could not be had. BuildKit looks it up before the first step; others fail in FROM. */
function baseError(words: string, failure: BuildFailure): AppError | null {
  const isLookup =
    /failed to do request|resolve source metadata|pull access denied|load metadata for|pulling from host/.test(
      words,
    );
  if (!isLookup && !failsInFrom(failure)) return null;
  const from = failure.step?.instruction;
  const base = from?.keyword === 'FROM' ? from.image : baseNameIn(words);
  const subject = base === null ? 'The base image' : `The base image ${base}`;
  const cause = new Error(words);
  if (NETWORK.test(words)) {
    return new AppError('registry-unreachable', `${subject} could not be fetched: ${sentence(words)}`, {
      hint: 'Check the network and the name of the registry.',
      cause,
    });
  }
  if (REFUSED.test(words) || MISSING.test(words)) {
    return new AppError('base-not-found', `${subject} was not found, or you may not read it.`, {
      hint: 'Check its name and tag; sign in if it is private.',
      cause,
    });
  }
  return new AppError('base-not-found', `${subject} could not be had: ${sentence(words)}`, { cause });
}

function failsInFrom({ step, instruction }: BuildFailure): boolean {
  if (step?.instruction.keyword !== 'FROM') return false;
  return instruction === null || instruction.startsWith('FROM ');
}

function baseNameIn(words: string): string | null {
  return (
    /source metadata for ([^\s:]+(?::[^\s:]+)?)/.exec(words)?.[1] ??
    /pull access denied for ([^\s,]+)/.exec(words)?.[1] ??
    manifestName(words)
  );
}

/** `https://registry/v2/team/app/manifests/1` is the address of registry/team/app:1. */
function manifestName(words: string): string | null {
  const match = /https?:\/\/([^/\s"]+)\/v2\/([^\s"]+)\/manifests\/([^\s"]+)/.exec(words);
  if (match === null) return null;
  const [, host = '', repository, version = ''] = match;
  return familiarName(`${hubDomain(host)}/${repository}${version.includes(':') ? '@' : ':'}${version}`);
}

function stepError(words: string, failure: BuildFailure, step: PlanStep): AppError {
  const { exitCode } = failure;
  const isTrigger = step.instruction.keyword === 'FROM' && failure.instruction !== null;
  const instruction = isTrigger ? `ONBUILD ${failure.instruction}` : step.display;
  const detail = { kind: 'step', line: step.line, instruction, exitCode, signal: null } as const;
  const options = { detail, cause: new Error(words) };
  const missing = missingSource(words, failure.instruction ?? step.display);
  if (missing !== null) {
    const hint = 'Check the path, and that the ignore file does not leave it out.';
    const message = `Line ${step.line}: ${instruction}: ${missing} is not there to copy.`;
    return new AppError('step-failed', message, { ...options, hint });
  }
  if (exitCode !== null) {
    const message = `Line ${step.line}: ${instruction} ended with exit code ${exitCode}.`;
    return new AppError('step-failed', message, { ...options, hint: exitHint(exitCode) });
  }
  return new AppError('step-failed', `Line ${step.line}: ${instruction} failed: ${sentence(words)}`, options);
}

const MISSING_SOURCE = [
  // BuildKit, new and old
  /"([^"]+)": not found/,
  /"([^"]+)" not found/,
  // the classic builder, Buildah
  /file not found in build context[^:]*: stat ([^:\s]+): file does not exist/,
  /stat ([^:\s]+): (?:no such file|file does not exist)/,
  /stat: "([^"]+)": no such file/,
  /no items matching glob "([^"]+)"/,
  /(no source files were specified)/,
];

/** The source that COPY or ADD did not find, null when that is not what went wrong. */
function missingSource(words: string, instruction: string): string | null {
  if (!/^(COPY|ADD)\b/.test(instruction)) return null;
  for (const pattern of MISSING_SOURCE) {
    const match = pattern.exec(words);
    if (match !== null) return match[1]?.startsWith('no source') ? 'its source' : (match[1] ?? null);
  }
  return null;
}

function exitHint(exitCode: number): string {
  if (exitCode === 127) return 'The command was not found: install it in an earlier step, or check its name.';
  if (exitCode === 126) return 'The command cannot be executed: check its mode and its format.';
  if (exitCode === 137) return 'It was killed, most often because the memory ran out.';
  return "Its output is in the step's log.";
}

function engineError(words: string, { engine }: BuildFailure): AppError {
  const message = words === '' ? `${engine} ended the build without saying why.` : sentence(words);
  return new AppError('step-failed', message, {
    hint: `This is ${engine}'s own message.`,
    detail: { kind: 'engine', engine },
  });
}
