import type { BuildServices } from '../build/build-services.ts';
import { createBuildServices } from '../build/build-services.ts';
import type { StepRunner } from '../build/solve/step-runner.ts';
import { createBaseImages } from '../engine/builtin/base-images.ts';
import type { RegistryAccess } from '../engine/builtin/registry-access.ts';
import { createCacheOpener } from '../engine/builtin/shared-cache/open-registry-cache.ts';
import type { TagRules } from '../engine/tag-guard.ts';
import { strataHome } from '../platform/paths.ts';
import { userName } from '../platform/user-name.ts';
import { openStore, type Store } from '../store/store.ts';

/** What commands work with. Registries are loaded when a command first needs one: most builds never do. */
export interface Core {
  readonly home: string;
  readonly store: Store;
  readonly services: BuildServices;
  registries(): Promise<RegistryAccess>;
  /** Which tags move freely and which not, as the settings say. */
  tagRules(): Promise<Pick<TagRules, 'floating' | 'immutable'>>;
}

/** Opens the data folder. Throws `read-only`, `permission` or `disk-full`. */
export async function openCore(env: NodeJS.ProcessEnv): Promise<Core> {
  const home = strataHome(env);
  const store = await openStore(home, { via: 'cli', user: userName() });
  let access: Promise<RegistryAccess> | null = null;
  const registries = () => {
    access ??= import('./registries.ts').then(({ openRegistries }) => openRegistries(home, env));
    return access;
  };
  const client = async () => (await registries()).client;
  const bases = createBaseImages(store, client);
  const runner = lazyRunner(store);
  const services = createBuildServices(store, bases, runner, createCacheOpener(store, client));
  const tagRules = async () => (await import('./registries.ts')).readTagRules(home);
  return { home, store, services, registries, tagRules };
}

/** The sandbox is loaded with the first layer that needs it: a build that finds all steps in its cache does not. */
function lazyRunner(store: Store): StepRunner {
  let loading: Promise<StepRunner> | null = null;
  const load = () => {
    loading ??= import('../engine/builtin/sandbox-runner.ts').then((module) =>
      module.createSandboxRunner(store),
    );
    return loading;
  };
  return {
    prepare: async (layer, signal) => (await load()).prepare?.(layer, signal) ?? null,
    run: async (layers, request, options) => (await load()).run(layers, request, options),
  };
}
