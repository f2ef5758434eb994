import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { CachePolicy } from '../engine/builtin/cache-policy.ts';
import { findEngine, requirePart } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Implements `storage`: of the built-in engine, the only one whose disk is ours. */
export function storageApi(context: HostContext) {
  const os = implement(contract.storage);
  const storage = () => requirePart(findEngine(context, 'builtin'), 'storage', 'tell what it stores');
  return {
    usage: os.usage.handler(({ input, signal }) => storage().usage(signal, policyOf(input))),
    prune: os.prune.handler(({ input }) => {
      const part = storage();
      const operationId = context.operations.start(
        { kind: 'prune', title: 'Clean up' },
        async ({ signal, progress }) => {
          const { freedBytes } = await part.prune({ signal, onProgress: progress, policy: policyOf(input) });
          return { kind: 'prune', freedBytes };
        },
      );
      return { operationId };
    }),
  };
}

function policyOf(scope: { readonly wholeCache?: boolean | undefined } | undefined): CachePolicy {
  return scope?.wholeCache === true ? { all: true } : {};
}
