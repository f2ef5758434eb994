import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { HostContext } from './host-context.ts';

/** Implements `operations`. */
export function operationsApi({ operations }: HostContext) {
  const os = implement(contract.operations);
  return {
    list: os.list.handler(() => operations.list()),
    watch: os.watch.handler(({ input, signal }) => operations.watch(input.id, signal)),
    feed: os.feed.handler(({ signal }) => operations.feed(signal)),
    cancel: os.cancel.handler(({ input }) => {
      operations.cancel(input.id);
      return {};
    }),
    retryNow: os.retryNow.handler(({ input }) => {
      operations.retryNow(input.id);
      return {};
    }),
    dismiss: os.dismiss.handler(({ input }) => {
      operations.dismiss(input.id);
      return {};
    }),
  };
}
