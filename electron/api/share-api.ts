import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { HostContext } from './host-context.ts';

/** Implements `share`. */
export function shareApi({ share, changes }: HostContext) {
  const os = implement(contract.share);
  return {
    status: os.status.handler(() => share.status()),
    start: os.start.handler(async ({ input }) => {
      const status = await share.start(input);
      changes.emit({ topic: 'share' });
      return status;
    }),
    stop: os.stop.handler(async () => {
      const status = await share.stop();
      changes.emit({ topic: 'share' });
      return status;
    }),
  };
}
