import type { StackNode, StackTree } from '#electron/image/stack-tree.ts';
import type { ImageConfig } from '#shared/oci/config.ts';

/** What a builder made, in a form that can be compared. */
export interface BuiltImage {
  /** Every path with what it is in one line. */
  readonly tree: ReadonlyMap<string, string>;
  /** Every setting that is set, by name. */
  readonly config: ReadonlyMap<string, string>;
}

/** The form of an image for comparison: times do not count, hard links count as such. */
export function describeImage(tree: StackTree, { config, author, platform }: ImageConfig): BuiltImage {
  const nodes = [...walk(tree.root)];
  const sharers = new Map<object, string[]>();
  for (const { entry, path } of nodes) {
    if (entry?.type !== 'file') continue;
    sharers.set(entry, [...(sharers.get(entry) ?? []), path].sort());
  }
  const settings = { ...config, env: [...(config.env ?? [])].sort(), author, platform };
  const set = Object.entries(settings).flatMap(([name, value]) =>
    isEmpty(value) ? [] : ([[name, JSON.stringify(sortKeys(value))]] as const),
  );
  return {
    tree: new Map(
      nodes.filter((node) => node.path !== '').map((node) => [node.path, nodeLine(node, sharers)]),
    ),
    config: new Map(set),
  };
}

function* walk(node: StackNode): Generator<StackNode> {
  yield node;
  const children = [...(node.children?.values() ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const child of children) yield* walk(child);
}

function nodeLine({ entry }: StackNode, sharers: ReadonlyMap<object, readonly string[]>): string {
  if (entry === null) return 'directory 755 0:0';
  const parts = [
    entry.type,
    entry.type === 'symlink' ? '' : entry.mode.toString(8),
    `${entry.uid}:${entry.gid}`,
  ];
  if (entry.type === 'file') parts.push(`${entry.size} bytes`, (entry.contentHash ?? '').slice(0, 12));
  if (entry.linkTarget !== undefined && entry.type === 'symlink') parts.push(`-> ${entry.linkTarget}`);
  if (entry.devMajor !== undefined) parts.push(`${entry.devMajor}:${entry.devMinor}`);
  for (const [name, value] of Object.entries(entry.xattrs ?? {}).sort())
    parts.push(`${name}=${Buffer.from(value, 'latin1').toString('hex')}`);
  const shared = sharers.get(entry) ?? [];
  if (shared.length > 1) parts.push(`same as ${shared.join(' ')}`);
  return parts.filter(Boolean).join(' ');
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs, a line each: `tree etc/x: ours | theirs`. */
export function compareImages(ours: BuiltImage, theirs: BuiltImage): string[] {
  return (['tree', 'config'] as const).flatMap((part) => {
    const names = [...new Set([...ours[part].keys(), ...theirs[part].keys()])].sort();
    return names.flatMap((name) => {
      const [own, other] = [ours[part].get(name), theirs[part].get(name)];
      return own === other ? [] : [`${part} ${name}: ${own ?? 'nothing'} | ${other ?? 'nothing'}`];
    });
  });
}
