import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { HostContext } from './host-context.ts';

/** Implements `settings`. */
export function settingsApi(context: HostContext) {
  const os = implement(contract.settings);
  return {
    get: os.get.handler(() => context.settings.get()),
    update: os.update.handler(async ({ input }) => {
      const settings = await context.settings.update(input);
      context.changes.emit({ topic: 'settings' });
      return settings;
    }),
    diagnose: os.diagnose.handler(({ signal }) => context.diagnostics.run(signal)),
  };
}
