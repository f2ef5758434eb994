import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importBase } from '#electron/engine/testing/busybox-base.ts';
import { run } from '#electron/engine/testing/processes.ts';
import { startDockerd, type TestDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { indexLayer } from '#electron/image/index-layer.ts';
import { StackTree } from '#electron/image/stack-tree.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { BuildCase } from './build-case.ts';
import { type BuiltImage, describeImage } from './built-image.ts';

interface SavedImage {
  readonly Config: string;
  readonly RepoTags: readonly string[];
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
    await importBase(engine.socketPath, 'differential/base:1', baseTar);
    return new BuildKit(engine);
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

  /** The images of these names; all are read out at once. */
  async images(names: readonly string[]): Promise<Map<string, BuiltImage>> {
    const folder = join(this.#engine.folder, 'saved');
    await run('mkdir', [folder]);
    await this.#docker('save', '-o', `${folder}.tar`, ...names);
    await run('tar', ['-xf', `${folder}.tar`, '-C', folder]);
    const saved = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as SavedImage[];
    const images = new Map<string, BuiltImage>();
    for (const image of saved) {
      const tree = new StackTree();
      for (const layer of image.Layers) tree.apply(await indexLayer(createReadStream(join(folder, layer))));
      const config = parseConfig(await readFile(join(folder, image.Config)));
      for (const tag of image.RepoTags) images.set(tag.replace(/:latest$/, ''), describeImage(tree, config));
    }
    await rm(folder, { recursive: true });
    return images;
  }

  #docker(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.#engine.folder,
      DOCKER_HOST: this.#engine.host,
      DOCKER_BUILDKIT: '1',
    };
    return run('/usr/bin/docker', args, { env });
  }
}
