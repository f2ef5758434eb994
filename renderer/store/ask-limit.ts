import type { RateLimit } from '#shared/contract/registries.ts';
import type { SliceTools } from './slice.ts';

/**
 * The pulls that a registry still allows, null where it does not tell. Docker Hub is asked anew unless a mirror is asked
 * in its place. It is only a remark: where it cannot be had, nothing is missing.
 */
export async function askLimit(
  { client, state }: Pick<SliceTools<unknown>, 'client' | 'state'>,
  host: string,
  signal?: AbortSignal,
): Promise<RateLimit | null> {
  const { value } = state().settings;
  const isMirrored = value.status === 'ready' && value.value.mirrors[host] !== undefined;
  const input = { host, ask: host === 'docker.io' && !isMirrored };
  return client.registries.limit(input, { signal }).then(
    ({ limit }) => limit,
    () => null,
  );
}
