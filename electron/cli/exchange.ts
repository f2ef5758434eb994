import type { Engine } from '../engine/engine.ts';
import type { WorkbenchEngine } from '../engine/ports.ts';
import { openCore } from './core.ts';

/**
 * The store and another engine, for images that go from one to the other; `close` ends the connection. Throws
 * `engine-unavailable` with what to do when the engine does not answer.
 */
export async function openExchange(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<{ store: WorkbenchEngine; engine: Engine; close(): Promise<void> }> {
  const core = await openCore(env);
  const { openEngine } = await import('./other-engines.ts');
  const { createBuiltinEngine } = await import('../engine/builtin/create-builtin-engine.ts');
  const engine = await openEngine(name, core.home, env);
  const store = createBuiltinEngine(core.services, async () => (await core.registries()).client);
  const close = async () => {
    await store.close();
    await engine.close();
  };
  return { store, engine, close };
}
