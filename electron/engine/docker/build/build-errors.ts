import { AppError } from '#shared/errors/app-error.ts';
import type { PlanStep } from '../../../build/plan/build-plan.ts';
import { sentence } from '../docker-errors.ts';

/** What is known when an engine ends a build with an error. */
export interface BuildFailure {
  /** The engine's words. */
  readonly words: string;
  /** The step that failed, null when none had begun. */
  readonly step: PlanStep | null;
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
function baseError(words: string, { step }: BuildFailure): AppError | null {
  const isLookup =
    /failed to do request|failed to resolve source metadata|pull access denied|load metadata for/.test(words);
  if (!isLookup && step?.instruction.keyword !== 'FROM') return null;
  const base = step?.instruction.keyword === 'FROM' ? step.instruction.image : baseNameIn(words);
  const subject = base === null ? 'The base image' : `The base image ${base}`;
  if (NETWORK.test(words)) {
    return new AppError('registry-unreachable', `${subject} could not be fetched: ${sentence(words)}`, {
      hint: 'Check the network and the name of the registry.',
    });
  }
  if (REFUSED.test(words) || MISSING.test(words)) {
    return new AppError('base-not-found', `${subject} was not found, or you may not read it.`, {
      hint: 'Check its name and tag; sign in if it is private.',
      cause: new Error(words),
    });
  }
  return new AppError('base-not-found', `${subject} could not be had: ${sentence(words)}`);
}

function baseNameIn(words: string): string | null {
  return (
    /source metadata for ([^\s:]+(?::[^\s:]+)?)/.exec(words)?.[1] ??
    /pull access denied for ([^\s,]+)/.exec(words)?.[1] ??
    manifestName(words)
  );
}

/** `https://registry/v2/library/app/manifests/1` names library/app:1. */
function manifestName(words: string): string | null {
  const match = /\/v2\/([^\s"]+)\/manifests\/([^\s"]+)/.exec(words);
  return match === null ? null : `${match[1]}:${match[2]}`;
}

function stepError(words: string, { exitCode }: BuildFailure, step: PlanStep): AppError {
  const detail = {
    kind: 'step',
    line: step.line,
    instruction: step.display,
    exitCode,
    signal: null,
  } as const;
  const cause = new Error(words);
  const missing =
    /"?(\/?[^"\s:]+)"?: not found|stat (\S+): no such file|no items matching glob|no source files/i.exec(
      words,
    );
  if (missing !== null && /^(COPY|ADD)$/.test(step.instruction.keyword)) {
    const what = missing[1] ?? missing[2];
    const message = `Line ${step.line}: ${what === undefined ? 'a source' : what} is not there to copy.`;
    const hint = 'Check the path, and that the ignore file does not leave it out.';
    return new AppError('step-failed', message, { hint, detail, cause });
  }
  if (exitCode !== null) {
    const message = `Line ${step.line}: ${step.display} ended with exit code ${exitCode}.`;
    return new AppError('step-failed', message, { hint: exitHint(exitCode), detail, cause });
  }
  return new AppError('step-failed', `Line ${step.line}: ${step.display} failed: ${sentence(words)}`, {
    detail,
    cause,
  });
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
