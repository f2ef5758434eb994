import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackTree } from '../../image/stack-tree.ts';
import { type LayerFolders, LowerStore } from '../lower-store.ts';
import { writeDiff } from '../read-upper.ts';
import { removeTree } from '../remove-tree.ts';
import { runStep } from '../run-step.ts';
import type { StepRequest, StepResult } from '../step-request.ts';
import { type EntryInput, makeLayer, type TestLayer, writeLayer } from './make-layer.ts';

const BUSYBOX = '/bin/busybox';

/** Whether a static busybox is there to make images of. */
export const hasBusybox = process.platform === 'linux' && existsSync(BUSYBOX);

/** A small image on which steps can be run one after the other. */
export class TestImage {
  readonly store: LowerStore;
  layers: TestLayer[] = [];
  tree = new StackTree();
  #steps = 0;

  constructor(readonly folder: string) {
    this.store = new LowerStore(join(folder, 'lower'));
  }

  /** Puts a layer on top. */
  add(layer: TestLayer): void {
    this.layers = [...this.layers, layer];
    this.tree.apply(layer.index);
  }

  async addEntries(entries: readonly EntryInput[]): Promise<void> {
    this.add(await makeLayer(entries));
  }

  /** Runs a command; what it prints comes back as text. */
  async run(
    command: string | readonly string[],
    options: Partial<StepRequest> = {},
  ): Promise<StepResult & { readonly out: string; readonly err: string }> {
    const output = { stdout: '', stderr: '' };
    const signal = options.signal ?? new AbortController().signal;
    const lowers: LayerFolders[] = [];
    for (const layer of this.layers) lowers.push(await this.store.ensure(layer, { signal, tree: this.tree }));
    this.#steps += 1;
    const result = await runStep({
      lowers,
      tree: this.tree,
      argv: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
      env: [],
      cwd: '/',
      user: '',
      network: 'default',
      workDir: join(this.folder, `step-${this.#steps}`),
      signal,
      onOutput: (chunk, stream) => {
        output[stream] += Buffer.from(chunk).toString('utf8');
      },
      ...options,
    });
    return { ...result, out: output.stdout, err: output.stderr };
  }

  /** The layer that a step made. */
  async diff(upper: string): Promise<TestLayer> {
    const options = { below: this.tree, signal: new AbortController().signal };
    return writeLayer((writer) => writeDiff(upper, options, writer));
  }

  /** Runs a command that must succeed and puts what it changed on top. */
  async commit(command: string, options: Partial<StepRequest> = {}): Promise<TestLayer> {
    const result = await this.run(command, options);
    if (result.exitCode !== 0) throw new Error(`exit ${result.exitCode}: ${result.err}`);
    const layer = await this.diff(result.upper);
    this.add(layer);
    return layer;
  }

  async remove(): Promise<void> {
    await removeTree(this.folder);
  }
}

let base: Promise<TestLayer> | undefined;

/** An image with busybox, all its applets and the usual accounts. */
export async function makeBusyboxImage(): Promise<TestImage> {
  base ??= makeLayer(busyboxEntries());
  const image = new TestImage(await mkdtemp(join(tmpdir(), 'strata-sandbox-')));
  image.add(await base);
  return image;
}

function busyboxEntries(): EntryInput[] {
  const applets = execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n').sort();
  const links = applets
    .filter((name) => name !== 'busybox')
    .map((name) => ({ path: `bin/${name}`, type: 'symlink', linkTarget: 'busybox', mode: 0o777 }) as const);
  return [
    { path: 'bin', type: 'directory' },
    { path: 'bin/busybox', mode: 0o755, text: readFileSync(BUSYBOX) },
    ...links,
    { path: 'etc', type: 'directory' },
    {
      path: 'etc/group',
      text: 'root:x:0:root\nstaff:x:50:app\ngames:x:60:\naudio:x:29:app,root\n',
    },
    {
      path: 'etc/passwd',
      text: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/home/app:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
    },
    { path: 'home', type: 'directory' },
    { path: 'home/app', type: 'directory', uid: 1000, gid: 1001, mode: 0o700 },
    { path: 'root', type: 'directory', mode: 0o700 },
    { path: 'srv', type: 'directory' },
    { path: 'srv/keep', text: 'keep\n' },
    { path: 'srv/old', text: 'old\n' },
    { path: 'srv/sub', type: 'directory' },
    { path: 'srv/sub/a', text: 'a\n' },
    { path: 'srv/sub/b', text: 'b\n' },
    { path: 'tmp', type: 'directory', mode: 0o1777 },
  ];
}
