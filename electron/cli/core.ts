import type { BuildServices } from '../build/build-services.ts';
import { createBuildServices } from '../build/build-services.ts';
import { createBaseImages } from '../engine/builtin/base-images.ts';
import type { RegistryAccess } from '../engine/builtin/registry-access.ts';
import { createSandboxRunner } from '../engine/builtin/sandbox-runner.ts';
import { strataHome } from '../platform/paths.ts';
import { openStore, type Store } from '../store/store.ts';

/** What commands work with. Registries are loaded when a command first needs one: most builds never do. */
export interface Core {
  readonly home: string;
  readonly store: Store;
  readonly services: BuildServices;
  registries(): Promise<RegistryAccess>;
  /** Tags that are meant to move, as the settings say. */
  floatingTags(): Promise<readonly string[]>;
  /** Repositories whose tags are not meant to move, as the settings say. */
  immutableRepositories(): Promise<readonly string[]>;
}

/** Opens the data folder. Throws `read-only`, `permission` or `disk-full`. */
export async function openCore(env: NodeJS.ProcessEnv): Promise<Core> {
  const home = strataHome(env);
  const store = await openStore(home);
  let access: Promise<RegistryAccess> | null = null;
  const registries = () => {
    access ??= import('./registries.ts').then(({ openRegistries }) => openRegistries(home, env));
    return access;
  };
  const bases = createBaseImages(store, async () => (await registries()).client);
  const services = createBuildServices(store, bases, createSandboxRunner(store));
  const settings = async () => (await import('./registries.ts')).readSettings(home);
  return {
    home,
    store,
    services,
    registries,
    floatingTags: async () => (await settings()).floatingTags,
    immutableRepositories: async () => (await settings()).immutableRepositories ?? [],
  };
}
