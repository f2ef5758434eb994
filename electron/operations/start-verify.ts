import type { BuildStep } from '#shared/contract/builds.ts';
import type { VerifyReport } from '#shared/contract/verify.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { VerifyReport as FoundDifferences } from '../build/verify/compare-builds.ts';
import type { BuildEvent } from '../engine/engine.ts';
import type { WorkbenchEngine } from '../engine/ports.ts';
import type { OperationRegistry } from './operation-registry.ts';
import type { OperationContext } from './running-operation.ts';
import type { BuildOrder } from './start-build.ts';

/** Of one step's files so many are told: thousands say no more. */
const MOST_FILES = 500;

/**
 * Begins two builds of the same input whose files are compared; nothing of them is kept. Answers the operation's id.
 * Throws `unsupported` where the engine cannot.
 */
export function startVerify(
  operations: OperationRegistry,
  { name: engineName, id, verifier }: WorkbenchEngine,
  { name, contextPath, options }: Pick<BuildOrder, 'name' | 'contextPath' | 'options'>,
): string {
  if (verifier === undefined) {
    throw new AppError('unsupported', `${engineName} cannot verify builds.`, {
      hint: 'Choose the built-in engine in the build options.',
      detail: { kind: 'engine', engine: id },
    });
  }
  return operations.start({ kind: 'verify', title: `Verify ${name}` }, async (context) => {
    const teller = new VerifyTeller(context);
    const found = await verifier.verify(
      { contextPath, options },
      {
        signal: context.signal,
        onBuild: (build) => teller.begin(build),
        onEvent: (event) => teller.tell(event),
      },
    );
    return { kind: 'verify', report: reportOf(found, options.reproducible === true) };
  });
}

/** The report as the page gets it. */
function reportOf(
  { equal, digests, steps, config, onlyTimes }: FoundDifferences,
  reproducible: boolean,
): VerifyReport {
  return {
    equal,
    reproducible,
    digests: [...digests],
    steps: steps.map(({ createdBy, files }) => ({
      createdBy,
      fileCount: files.length,
      files: files.slice(0, MOST_FILES).map(({ kinds, ...file }) => ({ ...file, kinds: [...kinds] })),
    })),
    config: [...config],
    onlyTimes,
  };
}

/** Shows the steps of the build that runs; both builds have the same number, so that half of all is the first. */
class VerifyTeller {
  readonly #context: OperationContext;
  readonly #steps = new Map<number, BuildStep>();
  #before = 0;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  begin(build: 1 | 2): void {
    this.#before = build === 1 ? 0 : this.#steps.size;
  }

  tell(event: BuildEvent): void {
    if (event.type === 'log') {
      this.#context.log(event.step, event.text);
      return;
    }
    if (event.type === 'steps') {
      this.#steps.clear();
      this.#context.steps(event.steps);
    } else this.#context.step(event.step);
    for (const step of event.type === 'steps' ? event.steps : [event.step]) this.#steps.set(step.index, step);
    const over = [...this.#steps.values()].filter(
      ({ status }) => status !== 'waiting' && status !== 'running',
    );
    const total = this.#steps.size * 2;
    this.#context.progress({ done: this.#before + over.length, total, unit: 'steps' });
  }
}
