import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { startPull, startPush } from '../operations/start-transfer.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Implements `registries`. */
export function registriesApi(context: HostContext) {
  const os = implement(contract.registries);
  const { accounts, transfers, operations, changes } = context;
  return {
    list: os.list.handler(() => accounts.list()),
    login: os.login.handler(async ({ input, signal }) => {
      const account = await accounts.login(input, signal);
      changes.emit({ topic: 'registries' });
      return account;
    }),
    logout: os.logout.handler(async ({ input }) => {
      await accounts.logout(input.host);
      changes.emit({ topic: 'registries' });
      return {};
    }),
    checkPush: os.checkPush.handler(({ input, signal }) =>
      transfers.checkPush(findEngine(context, input.engine), input.ref, input.target, signal),
    ),
    push: os.push.handler(({ input }) => ({
      operationId: startPush(operations, transfers, findEngine(context, input.engine), input),
    })),
    pull: os.pull.handler(({ input }) => ({
      operationId: startPull(operations, transfers, findEngine(context, input.engine), input),
    })),
  };
}
