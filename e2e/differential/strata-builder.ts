import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage } from '#electron/build/build-image.ts';
import { Workshop } from '#electron/build/testing/workshop.ts';
import { createSandboxRunner } from '#electron/engine/builtin/sandbox-runner.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { BASE_SETTINGS } from './base-image.ts';
import type { BuildCase } from './build-case.ts';
import { type BuiltImage, describeImage } from './built-image.ts';

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
    await builder.#build(folder, { tags: ['differential/base:1'] });
    return builder;
  }

  stop(): Promise<void> {
    return this.#shop.close();
  }

  async build(folder: string, { options = {} }: BuildCase): Promise<BuiltImage> {
    const digest = await this.#build(folder, options);
    const record = await this.#shop.store.images.get(digest);
    if (record === null) throw new Error('The image is not in the store.');
    const config = parseConfig(await this.#shop.store.content.read(record.configDigest));
    return describeImage(await this.#shop.tree(record), config);
  }

  async #build(folder: string, options: BuildCase['options'] & { tags?: string[] }) {
    let log = '';
    const full: BuildOptions = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin', ...options };
    const hooks = {
      signal: new AbortController().signal,
      onSteps: () => undefined,
      onStep: () => undefined,
      onLog: (_step: number, text: string) => {
        log += text;
      },
    };
    try {
      const built = await buildImage(this.#shop.services, { contextPath: folder, options: full }, hooks);
      return built.digest;
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
    }
  }
}
