import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { buildImage } from '../../../build/build-image.ts';
import { createBuildServices } from '../../../build/build-services.ts';
import { openStore } from '../../../store/store.ts';
import { createSandboxRunner } from '../sandbox-runner.ts';

/** Builds a context into a store (arguments: store, context, options as JSON) and prints digest and diffIDs as JSON. */
const [home = '', contextPath = '', given = '{}'] = process.argv.slice(2);
const options: BuildOptions = {
  tags: [],
  buildArgs: {},
  noCache: false,
  engine: 'builtin',
  ...(JSON.parse(given) as Partial<BuildOptions>),
};
const store = await openStore(home);
const fetch = async (): Promise<never> => {
  throw new AppError('base-not-found', 'Nothing is fetched here.');
};
const services = createBuildServices(store, { find: async () => null, fetch }, createSandboxRunner(store));
const ignore = (): void => undefined;
const signal = new AbortController().signal;
const { digest } = await buildImage(
  services,
  { contextPath, options },
  { signal, onSteps: ignore, onStep: ignore, onLog: ignore },
);
const image = await store.images.get(parseDigest(digest));
const config: unknown = JSON.parse(
  (await store.content.read(parseDigest(image?.configDigest ?? ''))).toString(),
);
process.stdout.write(JSON.stringify({ digest, diffIds: image?.layers.map((layer) => layer.diffId), config }));
