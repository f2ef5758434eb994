import { AppError } from '#shared/errors/app-error.ts';
import { createDockerEngine } from '../engine/docker/create-docker-engine.ts';
import type { Engine } from '../engine/engine.ts';
import type { Core } from './core.ts';

/** Opens an engine beside the built-in one. Throws `engine-unavailable` with what to do when it does not answer. */
export async function openEngine(name: string, _core: Core, env: NodeJS.ProcessEnv): Promise<Engine> {
  const engine = createDockerEngine({ env });
  const status = await engine.status();
  if (status.state === 'ready') return engine;
  await engine.close();
  throw new AppError('engine-unavailable', status.detail, {
    hint: status.hint ?? undefined,
    detail: { kind: 'engine', engine: name },
  });
}
