import { type RequestPurpose, responseError } from './errors.ts';
import type { Repository } from './repository.ts';
import type { RegistryResponse } from './request.ts';

/** The answer when its status is one of `statuses`; else throws what it means in plain words. */
export async function expectStatus(
  response: RegistryResponse,
  statuses: readonly number[],
  repository: Repository,
  action: RequestPurpose['action'],
  what: string,
): Promise<RegistryResponse> {
  if (statuses.includes(response.status)) return response;
  throw await refusal(response, repository, action, what);
}

/** The error that an answer means for a request to a repository. */
export function refusal(
  response: RegistryResponse,
  repository: Repository,
  action: RequestPurpose['action'],
  what: string,
) {
  return responseError(response, {
    host: repository.endpoint.isMirror ? repository.endpoint.host : repository.endpoint.registry,
    repository: repository.path,
    what,
    action,
    username: response.signIn.username,
    hasToken: response.signIn.kind === 'token',
    storage: storageOf(response, repository),
    missingHelper: response.missingHelper,
  });
}

function storageOf({ url }: RegistryResponse, { endpoint }: Repository): string | undefined {
  const isOwn = url.host === new URL(`${url.protocol}//${endpoint.host}`).host;
  return isOwn ? undefined : url.host;
}
