import { startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { pushBaseImages } from '../fixtures/base-images.ts';
import { NO_REGISTRY } from '../fixtures/tools.ts';

/** Starts the registry that all tests share, with the base images; gives what ends it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (NO_REGISTRY !== null) return async () => {};
  const registry = await startRealRegistry();
  await pushBaseImages(registry.host);
  process.env.STRATA_E2E_REGISTRY = registry.host;
  return () => registry.close();
}
