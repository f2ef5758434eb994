import { discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import type { RateLimit } from './rate-limit.ts';

/** The pulls that Docker Hub still allows, asked by a HEAD, which counts as none; undefined where there is no limit. */
export async function probeHubLimit(
  client: RegistryClient,
  signal?: AbortSignal,
): Promise<RateLimit | undefined> {
  const endpoint = client.endpoint('docker.io');
  const repository = 'ratelimitpreview/test';
  const access = { repository, scopes: [`repository:${repository}:pull`] };
  await discard(
    await client.send({ endpoint, method: 'HEAD', target: `${repository}/manifests/latest`, access, signal }),
  );
  return client.rateLimit('docker.io');
}
