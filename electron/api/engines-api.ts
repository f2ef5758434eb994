import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { HostContext } from './host-context.ts';

/** Implements `engines`. */
export function enginesApi(context: HostContext) {
  const os = implement(contract.engines);
  return {
    list: os.list.handler(({ signal }) =>
      Promise.all(context.engines.map((engine) => engine.status(signal))),
    ),
  };
}
