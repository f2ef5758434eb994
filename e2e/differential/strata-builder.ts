import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type BuildImageRequest, buildImage } from '#electron/build/build-image.ts';
import { fetchContext } from '#electron/build/remote/fetch-context.ts';
import { Workshop } from '#electron/build/testing/workshop.ts';
import { createSandboxRunner } from '#electron/engine/builtin/sandbox-runner.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { BASE_SETTINGS } from './base-image.ts';
import type { BuildCase } from './build-case.ts';
import { type BuiltImage, describeImage } from './built-image.ts';

const DEFAULTS: BuildOptions = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };

/** Strata's own builder over a store of its own. */
export class StrataBuilder {
  readonly #shop: Workshop;

  private constructor(shop: Workshop) {
    this.#shop = shop;
  }

  static async start(baseTar: Buffer): Promise<StrataBuilder> {
    const builder = new StrataBuilder(await Workshop.open(createSandboxRunner));
    const folder = join(builder.#shop.folder, 'base');
    await mkdir(folder);
    await writeFile(join(folder, 'base.tar'), baseTar);
    await writeFile(
      join(folder, 'Dockerfile'),
      ['FROM scratch', 'ADD base.tar /', ...BASE_SETTINGS].join('\n'),
    );
    await builder.#build({ contextPath: folder }, { tags: ['differential/base:1'] });
    return builder;
  }

  stop(): Promise<void> {
    return this.#shop.close();
  }

  async build(folder: string, { options = {} }: BuildCase): Promise<BuiltImage> {
    return this.#describe(await this.#build({ contextPath: folder }, options));
  }

  /** Builds an address, or `-` with what stands on standard input. */
  async buildContext(context: string, input?: Buffer): Promise<BuiltImage> {
    const { paths } = this.#shop.store;
    const opened = await fetchContext({
      context,
      options: DEFAULTS,
      input: () => Readable.from(input === undefined ? [] : [input]),
      downloadsFolder: paths.cacheDownloads(),
      scratchFolder: paths.scratch(),
      env: {},
      signal: new AbortController().signal,
    });
    try {
      return await this.#describe(await this.#build(opened, {}));
    } finally {
      await opened.close();
    }
  }

  async #describe(digest: Digest): Promise<BuiltImage> {
    const record = await this.#shop.store.images.get(digest);
    if (record === null) throw new Error('The image is not in the store.');
    const config = parseConfig(await this.#shop.store.content.read(record.configDigest));
    return describeImage(await this.#shop.tree(record), config);
  }

  async #build(
    { contextPath, place }: Pick<BuildImageRequest, 'contextPath' | 'place'>,
    options: BuildCase['options'] & { tags?: string[] },
  ) {
    let log = '';
    const full: BuildOptions = { ...DEFAULTS, ...options };
    const hooks = {
      signal: new AbortController().signal,
      onSteps: () => undefined,
      onStep: () => undefined,
      onLog: (_step: number, text: string) => {
        log += text;
      },
    };
    try {
      const built = await buildImage(this.#shop.services, { contextPath, place, options: full }, hooks);
      return built.digest;
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
    }
  }
}
