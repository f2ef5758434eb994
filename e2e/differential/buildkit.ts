import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importBase } from '#electron/engine/testing/busybox-base.ts';
import { run } from '#electron/engine/testing/processes.ts';
import { startDockerd, type TestDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { indexLayer } from '#electron/image/index-layer.ts';
import { StackTree } from '#electron/image/stack-tree.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { BASE_SETTINGS } from './base-image.ts';
import type { BuildCase } from './build-case.ts';
import { type BuiltImage, describeImage } from './built-image.ts';
import { writeContext } from './write-context.ts';

interface SavedImage {
  readonly Config: string;
  readonly Layers: readonly string[];
}

/** The real BuildKit, in a Docker engine of its own. */
export class BuildKit {
  readonly #engine: TestDockerd;

  private constructor(engine: TestDockerd) {
    this.#engine = engine;
  }

  static async start(baseTar: Buffer): Promise<BuildKit> {
    const engine = await startDockerd();
    await importBase(engine.socketPath, 'differential/raw:1', baseTar);
    const builder = new BuildKit(engine);
    const base = { name: 'base', dockerfile: ['FROM differential/raw:1', ...BASE_SETTINGS].join('\n') };
    const folder = join(engine.folder, 'base');
    await writeContext(folder, base);
    await builder.build(folder, 'differential/base:1', base);
    return builder;
  }

  async stop(): Promise<void> {
    await this.#engine.remove();
  }

  /** Builds a context folder under a name; throws with what docker said. */
  async build(folder: string, name: string, { options = {} }: BuildCase): Promise<void> {
    const { target, buildArgs = {}, secrets = [], labels = {}, dockerfile } = options;
    const args = [
      ...(target === undefined ? [] : [`--target=${target}`]),
      ...(dockerfile === undefined ? [] : [`--file=${join(folder, dockerfile)}`]),
      ...Object.entries(buildArgs).map(([key, value]) => `--build-arg=${key}=${value}`),
      ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
      ...secrets.map(({ id, file }) => `--secret=id=${id},src=${join(folder, file ?? '')}`),
    ];
    await this.#docker('build', '--quiet', '--network=none', `--tag=${name}`, ...args, folder);
  }

  /** Builds an address, or `-` with what stands on standard input. */
  async buildContext(context: string, name: string, input?: Buffer): Promise<void> {
    const args = ['build', '--quiet', '--network=none', `--tag=${name}`, context];
    await this.#run(args, input);
  }

  /** The image of a name. */
  async image(name: string): Promise<BuiltImage> {
    const folder = await mkdtemp(join(this.#engine.folder, 'saved-'));
    try {
      await this.#docker('save', '-o', `${folder}/image.tar`, name);
      await run('tar', ['-xf', `${folder}/image.tar`, '-C', folder]);
      const [saved] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as SavedImage[];
      const tree = new StackTree();
      for (const layer of saved?.Layers ?? [])
        tree.apply(await indexLayer(createReadStream(join(folder, layer))));
      return describeImage(tree, parseConfig(await readFile(join(folder, saved?.Config ?? ''))));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  #docker(...args: readonly string[]): Promise<string> {
    return this.#run(args);
  }

  #run(args: readonly string[], input?: Buffer): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.#engine.folder,
      DOCKER_HOST: this.#engine.host,
      DOCKER_BUILDKIT: '1',
    };
    return run('/usr/bin/docker', args, { env, input });
  }
}
