import type { LayerIndex } from '#electron/image/layer-index.ts';
import type { ImageConfig } from '#shared/oci/config.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { buildFileTree } from './file-tree.ts';
import { sameAttributes } from './same-metadata.ts';
import type { TreeNode } from './tree-node.ts';
import { walkTree } from './walk-tree.ts';

/** What a comparison needs of an image. Layers are oldest first, one index for each diffID of the config. */
export interface ComparedImage {
  readonly config: ImageConfig;
  readonly layers: readonly LayerIndex[];
}

export interface FileDifference {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** It is a directory in the image that has it last. */
  readonly isDirectory: boolean;
  /** Changed, but not its bytes: mode, owner, link target or extended attributes. */
  readonly sameContent: boolean;
  /** Bytes in the first and the second image; null where it is not. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface ConfigDifference {
  /** `env PATH`, `label version`, `cmd` … */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ImageComparison {
  /** Sorted by path. Directories stand here only when they were added, removed or given other attributes. */
  readonly files: readonly FileDifference[];
  readonly config: readonly ConfigDifference[];
}

/** How the second image differs from the first. Times of files do not count. Throws `cancelled`. */
export async function compareImages(
  before: ComparedImage,
  after: ComparedImage,
  signal?: AbortSignal | undefined,
): Promise<ImageComparison> {
  return {
    files: await compareFiles(before.layers, after.layers, signal),
    config: compareConfigs(before.config, after.config),
  };
}

async function compareFiles(
  before: readonly LayerIndex[],
  after: readonly LayerIndex[],
  signal: AbortSignal | undefined,
): Promise<FileDifference[]> {
  const old = await finalFiles(before, signal);
  const found: FileDifference[] = [];
  for (const [path, node] of await finalFiles(after, signal)) {
    const was = old.get(path);
    old.delete(path);
    const isDirectory = node.children !== null;
    if (was === undefined)
      found.push({
        path,
        change: 'added',
        isDirectory,
        sameContent: false,
        before: null,
        after: ownSize(node),
      });
    else if (!sameFile(was, node))
      found.push({
        path,
        change: 'changed',
        isDirectory,
        sameContent: sameContent(was, node),
        before: ownSize(was),
        after: ownSize(node),
      });
  }
  for (const [path, node] of old) {
    const isDirectory = node.children !== null;
    found.push({
      path,
      change: 'removed',
      isDirectory,
      sameContent: false,
      before: ownSize(node),
      after: null,
    });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function finalFiles(
  layers: readonly LayerIndex[],
  signal: AbortSignal | undefined,
): Promise<Map<string, TreeNode>> {
  const files = new Map<string, TreeNode>();
  if (layers.length === 0) return files;
  const tree = await buildFileTree(layers, layers.length - 1, signal);
  await walkTree(tree, 'stack', ({ node }, path) => files.set(path, node), signal);
  return files;
}

/** Bytes of the content itself, also of a hard link's; 0 for a directory. */
function ownSize(node: TreeNode): number {
  return node.inode?.entry.size ?? 0;
}

function sameContent(a: TreeNode, b: TreeNode): boolean {
  return (
    a.inode?.entry.contentHash === b.inode?.entry.contentHash &&
    (a.children === null) === (b.children === null)
  );
}

function sameFile(a: TreeNode, b: TreeNode): boolean {
  if (!sameContent(a, b)) return false;
  if (a.entry === null || b.entry === null) return a.entry === b.entry || a.children !== null;
  // A file and a hard link of the same content are the same to whoever reads them.
  if (a.inode !== null && b.inode !== null) return sameAttributes(a.inode.entry, b.inode.entry);
  return a.entry.type === b.entry.type && sameAttributes(a.entry, b.entry);
}

/** How the settings of the second image differ from those of the first; times and history do not count. */
export function compareConfigs(a: ImageConfig, b: ImageConfig): ConfigDifference[] {
  const before = configFields(a);
  const after = configFields(b);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((difference) => difference.before !== difference.after);
}

/** The config as flat named values; what is not set has no name. */
function configFields({ platform, author, config }: ImageConfig): Map<string, string> {
  const fields = new Map<string, string>([['platform', formatPlatform(platform)]]);
  const set = (field: string, value: string | undefined) => {
    if (value !== undefined && value !== '') fields.set(field, value);
  };
  const list = (values: readonly string[] | undefined) => values && JSON.stringify(values);
  set('author', author);
  set('user', config.user);
  set('working directory', config.workingDir);
  set('entrypoint', list(config.entrypoint));
  set('cmd', list(config.cmd));
  set('shell', list(config.shell));
  set('stop signal', config.stopSignal);
  set('healthcheck', config.healthcheck && JSON.stringify(config.healthcheck));
  set('on build', list(config.onBuild));
  for (const port of config.exposedPorts ?? []) fields.set(`port ${port}`, 'exposed');
  for (const volume of config.volumes ?? []) fields.set(`volume ${volume}`, 'declared');
  for (const [name, value] of Object.entries(config.labels ?? {})) fields.set(`label ${name}`, value);
  for (const variable of config.env ?? []) {
    const equals = variable.indexOf('=');
    const name = equals < 0 ? variable : variable.slice(0, equals);
    fields.set(`env ${name}`, equals < 0 ? '' : variable.slice(equals + 1));
  }
  return fields;
}
