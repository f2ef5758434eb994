import { AppError } from '#shared/errors/app-error.ts';
import { RegistryConnection } from '../api/registry-connection.ts';
import { createDockerEngine } from '../engine/docker/create-docker-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { createPodmanEngine } from '../engine/podman/create-podman-engine.ts';
import { readSettings } from './settings.ts';

/** Opens Docker or Podman. Throws `engine-unavailable` with what to do when it does not answer. */
export async function openEngine(name: string, home: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const settings = await readSettings(home);
  const { credentialsFor } = new RegistryConnection({ home, env, settings });
  const host = settings.dockerHost === '' ? undefined : settings.dockerHost;
  const engine =
    name === 'podman'
      ? createPodmanEngine({ env, credentialsFor })
      : createDockerEngine({ env, credentialsFor, host });
  const status = await engine.status();
  if (status.state === 'ready') return engine;
  await engine.close();
  throw new AppError('engine-unavailable', status.detail, {
    hint: status.hint ?? undefined,
    detail: { kind: 'engine', engine: name },
  });
}
