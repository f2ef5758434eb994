import type { TransferOptions } from '../image/image.ts';
import type { RegistryClient } from './client.ts';
import type { RegistryRequest } from './request.ts';

/** What a request may leave to whoever gave it its client. */
export type RequestDefaults = Pick<RegistryRequest, 'retry' | 'isRepeated' | 'onRetry' | 'wake'>;

/** The same client; its requests are repeated, told and woken as `defaults` say where they say nothing themselves. */
export function withDefaults(client: RegistryClient, defaults: RequestDefaults): RegistryClient {
  return {
    ...client,
    send: (request) =>
      client.send({
        ...request,
        retry: request.retry ?? defaults.retry,
        isRepeated: request.isRepeated ?? defaults.isRepeated,
        onRetry: request.onRetry ?? defaults.onRetry,
        wake: request.wake ?? defaults.wake,
      }),
  };
}

/** The same client; who began the transfer is told when a question is asked again, and may cut the wait short. */
export function withWaitsTold(
  client: RegistryClient,
  { wake, onWait }: Pick<TransferOptions, 'wake' | 'onWait'>,
): RegistryClient {
  return {
    ...client,
    send: async (request) => {
      let isTold = false;
      const onRetry = (why: string, at: number): void => {
        isTold = true;
        onWait?.({ why, at });
      };
      try {
        return await client.send({
          ...request,
          wake: request.wake ?? wake,
          onRetry: request.onRetry ?? onRetry,
        });
      } finally {
        if (isTold) onWait?.(null);
      }
    },
  };
}
