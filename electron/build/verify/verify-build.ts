import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { processIdentity } from '../../platform/process-identity.ts';
import { removeTree } from '../../sandbox/remove-tree.ts';
import { openStore, type Store } from '../../store/store.ts';
import { type BuildImageHooks, type BuildImageRequest, buildImage } from '../build-image.ts';
import { type BuildServices, createBuildServices } from '../build-services.ts';
import type { StepRunner } from '../solve/step-runner.ts';
import { compareBuilds, type VerifiedImage, type VerifyReport } from './compare-builds.ts';
import { lendImages } from './lend-images.ts';

/** Times in layers are whole seconds: the second build must write every file in another one, in ms. */
const APART = 1100;

export interface VerifyHooks extends BuildImageHooks {
  /** A build begins: the first or the second. */
  onBuild(build: 1 | 2): void;
  /** Runs the steps of a build whose layers are in `store`. */
  runnerFor(store: Store): StepRunner;
}

/**
 * Builds the same input twice, each time in a new store of its own without a cache, and compares what came out.
 * Base images are taken from the store of `services`. Throws what a build throws.
 */
export async function verifyBuild(
  services: BuildServices,
  request: BuildImageRequest,
  hooks: VerifyHooks,
): Promise<VerifyReport> {
  if (parseBuildPlatforms(request.options.platform).length > 1)
    throw new AppError('invalid-input', 'Two builds are compared for one platform at a time.', {
      hint: 'Name one with --platform, and verify the others after it.',
    });
  const { store } = services;
  // The name tells a later clean-up whose folder it is, should this process be killed.
  const folder = join(store.paths.scratch(), `verify.${processIdentity()}.${randomBytes(4).toString('hex')}`);
  const lease = await store.lease();
  const build = async (number: 1 | 2): Promise<VerifiedImage> => {
    hooks.onBuild(number);
    const own = await openStore(join(folder, String(number)));
    const bases = lendImages(store, services.bases, own);
    return buildIn(own, createBuildServices(own, bases, hooks.runnerFor(own)), request, hooks);
  };
  try {
    const first = await build(1);
    await wait(APART, undefined, { signal: hooks.signal });
    return compareBuilds(first, await build(2));
  } finally {
    await removeTree(folder);
    await lease.release();
  }
}

async function buildIn(
  store: Store,
  services: BuildServices,
  { contextPath, place, options }: BuildImageRequest,
  hooks: VerifyHooks,
): Promise<VerifiedImage> {
  const untagged = { contextPath, place, options: { ...options, tags: [], cacheFrom: [], cacheTo: [] } };
  const { digest } = await buildImage(services, untagged, hooks);
  const record = await store.images.get(parseDigest(digest));
  if (record === null)
    throw new AppError('internal', `The image ${digest} that was built is not in its store.`);
  const config = parseConfig(await store.content.read(record.configDigest));
  const layers = await Promise.all(record.layers.map((layer) => store.layers.index(layer, hooks.signal)));
  return { digest, config, layers };
}
