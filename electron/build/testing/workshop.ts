import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { readEntryBytes } from '../../image/read-entry.ts';
import { type StackNode, StackTree } from '../../image/stack-tree.ts';
import { removeTree } from '../../sandbox/remove-tree.ts';
import type { ImageRecord } from '../../store/image-records.ts';
import { openStore, type Store } from '../../store/store.ts';
import { type BuildImageRequest, type BuiltImage, buildImage, predictBuild } from '../build-image.ts';
import { type BuildServices, createBuildServices } from '../build-services.ts';
import type { BaseImages } from '../solve/base-images.ts';
import type { StepRunner } from '../solve/step-runner.ts';

/** A context folder and a store of their own, and builds in them: what tests of the builder work with. */
export class Workshop {
  readonly folder: string;
  readonly context: string;
  readonly store: Store;
  readonly services: BuildServices;

  private constructor(folder: string, store: Store, services: BuildServices) {
    this.folder = folder;
    this.context = join(folder, 'context');
    this.store = store;
    this.services = services;
  }

  static async open(runner: (store: Store) => StepRunner = refuseToRun): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'strata-workshop-'));
    await mkdir(join(folder, 'context'));
    const store = await openStore(join(folder, 'home'));
    return new Workshop(folder, store, createBuildServices(store, localImages(store), runner(store)));
  }

  async close(): Promise<void> {
    // Files of a normal user's steps belong to ids that only its namespace reaches.
    await removeTree(this.folder);
  }

  /** Writes files of the context by path. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.context, path)), { recursive: true });
      await writeFile(join(this.context, path), content);
    }
  }

  /** Builds the context; the log of all steps comes with the result. */
  async build(options: Partial<BuildOptions> = {}, context?: ContextFiles): Promise<Built> {
    const { log, ...built } = await this.buildIndex(options, context);
    const record = await this.store.images.get(built.digest);
    if (record === null) throw new Error('The built image is not in the store.');
    const config = parseConfig(await this.store.content.read(record.configDigest));
    return { ...built, record, config, log };
  }

  /** The same where several platforms are asked for, so that what comes out is an index. */
  async buildIndex(
    options: Partial<BuildOptions> = {},
    { contextPath, place }: ContextFiles = { contextPath: this.context },
  ): Promise<BuiltImage & { readonly log: string }> {
    let log = '';
    const request = { contextPath, place, options: { ...DEFAULTS, ...options } };
    const built = await buildImage(this.services, request, {
      signal: new AbortController().signal,
      onSteps: () => undefined,
      onStep: () => undefined,
      onLog: (_step, part) => {
        log += part;
      },
    });
    return { ...built, log };
  }

  /** An image with busybox as its shell and tools under a name, made once. */
  async addBusybox(name: string): Promise<void> {
    const folder = join(this.folder, 'busybox');
    await mkdir(folder, { recursive: true });
    await copyFile('/bin/busybox', join(folder, 'busybox'));
    await writeFile(join(folder, 'Dockerfile'), BUSYBOX);
    const request = { contextPath: folder, options: { ...DEFAULTS, tags: [name] } };
    const ignore = () => undefined;
    const hooks = { signal: new AbortController().signal, onSteps: ignore, onStep: ignore, onLog: ignore };
    await buildImage(this.services, request, hooks);
  }

  predict(options: Partial<BuildOptions> = {}): Promise<PlannedStep[]> {
    const request = { contextPath: this.context, options: { ...DEFAULTS, ...options } };
    return predictBuild(this.services, request, new AbortController().signal);
  }

  /** The file system of an image. */
  async tree(image: ImageRecord): Promise<StackTree> {
    const tree = new StackTree();
    for (const layer of image.layers) tree.apply(await this.store.layers.index(layer));
    return tree;
  }

  /** Every path of an image with what it is: `app/a.txt` to `file 644 0:0 hello`. */
  async listing(image: ImageRecord): Promise<Record<string, string>> {
    const tree = await this.tree(image);
    const found: Record<string, string> = {};
    const visit = async (node: StackNode) => {
      if (node.entry !== null) found[node.path] = await this.#describe(image, node);
      for (const child of node.children?.values() ?? []) await visit(child);
    };
    await visit(tree.root);
    return found;
  }

  async #describe(image: ImageRecord, { entry, layer }: StackNode): Promise<string> {
    if (entry === null) return '';
    const base = `${entry.type} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`;
    if (entry.type === 'symlink') return `${base} -> ${entry.linkTarget}`;
    const record = image.layers[layer];
    if (entry.type !== 'file' || record === undefined) return base;
    const blob = {
      size: record.size,
      read: (start: number, end: number) => this.store.content.open(record.digest, { start, end }),
    };
    const index = await this.store.layers.index(record);
    return `${base} ${await text(readEntryBytes(blob, record, index, entry))}`;
  }
}

/** Another context than the folder of the workshop. */
type ContextFiles = Pick<BuildImageRequest, 'contextPath' | 'place'>;

export interface Built {
  readonly digest: string;
  readonly imageId: string;
  readonly steps: readonly BuildStep[];
  readonly record: ImageRecord;
  readonly config: ImageConfig;
  readonly log: string;
}

/** The status of each step, in order, without FROM. */
export function statuses(built: { readonly steps: readonly BuildStep[] }): string[] {
  return built.steps.map((step) => step.status);
}

const BUSYBOX = `FROM scratch
COPY --chmod=755 busybox /bin/busybox
COPY <<passwd <<group /etc/
root:x:0:0:root:/root:/bin/sh
app:x:1000:1001::/home/app:/bin/sh
passwd
root:x:0:
app:x:1001:
group
RUN ["/bin/busybox", "--install", "-s", "/bin"]
`;

const DEFAULTS: BuildOptions = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };

function localImages(store: Store): BaseImages {
  return {
    find: async (reference) => {
      const name = await store.names.resolve(reference);
      const record = name === null ? null : await store.images.get(name.digest);
      if (record === null) return null;
      const { digest, layers, configDigest } = record;
      return { digest, layers, config: parseConfig(await store.content.read(configDigest)) };
    },
    fetch: async (reference) => {
      throw new AppError('base-not-found', `${reference.path} is not here.`);
    },
  };
}

const refuseToRun = (): StepRunner => ({
  run: async () => {
    throw new Error('This test runs no commands.');
  },
});

/** Names an image of the store, to be the base of another. */
export async function nameAs(workshop: Workshop, built: Built, name: string): Promise<void> {
  await workshop.store.setName(parseReference(name), { digest: built.record.digest });
}
