import { AppError } from '#shared/errors/app-error.ts';
import type { WorkbenchEngine } from '../engine/ports.ts';
import type { HostContext } from './host-context.ts';

/** The engine with this id, or what stands for the registries or for archives. Throws `engine-unavailable`. */
export function findEngine(
  context: Pick<HostContext, 'engines' | 'remote' | 'archives'>,
  id: string,
): WorkbenchEngine {
  const engine = [...context.engines, context.remote, context.archives].find((one) => one.id === id);
  if (engine === undefined) {
    throw new AppError('engine-unavailable', `There is no engine "${id}" here.`, {
      hint: 'Look at Settings for the engines that are connected.',
      detail: { kind: 'engine', engine: id },
    });
  }
  return engine;
}

/** The part of the engine, which must be there for the call to make sense. Throws `unsupported`. */
export function requirePart<Part extends keyof WorkbenchEngine>(
  engine: WorkbenchEngine,
  part: Part,
  what: string,
): NonNullable<WorkbenchEngine[Part]> {
  const present = engine[part];
  if (present === undefined || present === null) {
    throw new AppError('unsupported', `${engine.name} cannot ${what}.`, {
      hint: 'Use the built-in engine for this.',
      detail: { kind: 'engine', engine: engine.id },
    });
  }
  return present;
}
