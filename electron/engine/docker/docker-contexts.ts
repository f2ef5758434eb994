import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type EndpointCandidate, parseEndpoint } from './endpoint.ts';

const cliConfig = z.object({ currentContext: z.string().optional() });
const contextMeta = z.object({
  Endpoints: z
    .object({
      docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }).optional(),
    })
    .optional(),
});

/** Folder of the docker CLI's own files: `$DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigFolder(env: NodeJS.ProcessEnv, homePath: string): string {
  return env.DOCKER_CONFIG || path.join(homePath, '.docker');
}

/**
 * The endpoint of the docker CLI's current context (`docker context use`, `$DOCKER_CONTEXT`), null when that is
 * `default` or cannot be read: a broken context must not keep the default socket from being found.
 */
export async function readCurrentContext(
  env: NodeJS.ProcessEnv,
  homePath: string,
): Promise<EndpointCandidate | null> {
  const folder = dockerConfigFolder(env, homePath);
  const name = env.DOCKER_CONTEXT || (await readCurrentName(folder));
  if (name === null || name === '' || name === 'default') return null;
  // The CLI names a context's folders by the hash of its name.
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readJson(path.join(folder, 'contexts', 'meta', id, 'meta.json'), contextMeta);
  const docker = meta?.Endpoints?.docker;
  if (docker === undefined || docker.Host === '') return null;
  const tlsFolder = path.join(folder, 'contexts', 'tls', id, 'docker');
  const hasTls = await readFile(path.join(tlsFolder, 'ca.pem')).then(
    () => true,
    () => false,
  );
  try {
    const skipVerify = docker.SkipTLSVerify ?? false;
    const tls = hasTls || skipVerify ? { folder: hasTls ? tlsFolder : null, skipVerify } : null;
    return { endpoint: parseEndpoint(docker.Host, tls), origin: `context ${name}`, explicit: false };
  } catch {
    return null;
  }
}

async function readCurrentName(folder: string): Promise<string | null> {
  return (await readJson(path.join(folder, 'config.json'), cliConfig))?.currentContext ?? null;
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
