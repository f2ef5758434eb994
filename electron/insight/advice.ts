import type { z } from 'zod';
import type { advice } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import type { ImageContents } from './image-contents.ts';
import { looksLikeSecret, NEEDLESS_FILES } from './known-paths.ts';
import type { Inode } from './tree-node.ts';
import { Turns } from './turns.ts';

export type Advice = z.infer<typeof advice>;

export interface AdviceOptions {
  /** The first layer that is not of the base image: only from there on the author can change something. */
  readonly firstOwnLayer?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LARGE_LOSS = 1_000_000;
const LARGE_SUM = 5_000_000;
const MOST_LOSSES = 10;
const NAMED_PATHS = 4;

/**
 * What would make an image smaller or safer: secrets, then what frees the most bytes. Throws `cancelled`.
 */
export async function findAdvice(contents: ImageContents, options: AdviceOptions = {}): Promise<Advice[]> {
  const turns = new Turns(options.signal);
  const firstOwn = options.firstOwnLayer ?? 0;
  const gathered = new Findings(contents, firstOwn);
  for (const inode of contents.inodes) {
    gathered.take(inode);
    if (turns.isOver()) await turns.rest();
  }
  const savings = [
    ...needlessFiles(gathered),
    ...losses(gathered),
    ...copiesForMetadata(gathered),
    ...replacedBase(gathered),
    ...duplicates(gathered),
  ];
  return [...secrets(gathered, contents), ...savings.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))];
}

interface Group {
  bytes: number;
  readonly inodes: Inode[];
}

/** The facts that the rules below put into words, gathered in one pass. */
class Findings {
  /** Own secrets by layer, also those that a later layer removed. */
  readonly secrets = new Map<number, Group>();
  /** Visible needless files by `rule layer`. */
  readonly needless = new Map<string, Group>();
  /** Removed or replaced contents of own layers by `path layer`. */
  readonly lost = new Map<string, Group>();
  /** By layer: files that it ships again with the same content. */
  readonly shippedAgain = new Map<number, Group>();
  readonly replacedBase: Group = { bytes: 0, inodes: [] };
  /** Visible large contents by hash. */
  readonly byContent = new Map<string, Group>();
  /** Hidden contents by `hiding layer, path, hash`, to be met by what replaced them. */
  private readonly replaced = new Set<string>();

  constructor(
    private readonly contents: ImageContents,
    private readonly firstOwn: number,
  ) {}

  /** Contents come oldest first, so what was replaced is known before what replaced it. */
  take(inode: Inode): void {
    const { entry, layer, hiding } = inode;
    const isVisible = this.contents.visible.has(inode);
    if (!isVisible && hiding?.kind === 'replaced') this.replaced.add(`${hiding.layer} ${contentKey(inode)}`);
    if (layer < this.firstOwn) {
      if (!isVisible && (hiding?.layer ?? 0) >= this.firstOwn) addTo(this.replacedBase, inode);
      return;
    }
    if (entry.size > 0 && looksLikeSecret(entry.path)) add(this.secrets, layer, inode);
    if (this.replaced.has(`${layer} ${contentKey(inode)}`)) add(this.shippedAgain, layer, inode);
    if (!isVisible) {
      if (hiding?.kind === 'removed') add(this.lost, `${hiding.path} ${layer}`, inode);
      return;
    }
    if (entry.size >= LARGE_LOSS) add(this.byContent, entry.contentHash ?? '', inode);
    const rule = NEEDLESS_FILES.findIndex(({ pattern }) => pattern.test(entry.path));
    if (rule >= 0) add(this.needless, `${rule} ${layer}`, inode);
  }
}

function secrets({ secrets: found }: Findings, { visible }: ImageContents): Advice[] {
  return [...found].map(([layer, { inodes }]) => {
    const isGone = inodes.some((inode) => !visible.has(inode));
    const gone = isGone
      ? ' A later layer removes some, but anyone who pulls the image can still read them.'
      : '';
    return {
      title: inodes.length === 1 ? 'A file looks like a secret' : `${inodes.length} files look like secrets`,
      detail: `${namePaths(inodes)} in layer ${layer + 1}.${gone} Leave them out with .dockerignore, or use RUN --mount=type=secret; change what has been shipped.`,
      bytes: null,
      layer,
    };
  });
}

function needlessFiles({ needless }: Findings): Advice[] {
  const found: Advice[] = [];
  for (const [key, { bytes, inodes }] of needless) {
    const [rule, layer] = key.split(' ').map(Number);
    const known = NEEDLESS_FILES[rule ?? -1];
    if (known === undefined || layer === undefined || bytes < known.minBytes) continue;
    const detail = `${formatCount(inodes.length, 'file')}, ${formatBytes(bytes)}: ${namePaths(inodes)}. ${known.remedy}`;
    found.push({ title: known.title, detail, bytes, layer });
  }
  return found;
}

function losses({ lost }: Findings): Advice[] {
  return [...lost.values()]
    .filter(({ bytes }) => bytes >= LARGE_LOSS)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_LOSSES)
    .map(({ bytes, inodes }) => {
      const { layer, hiding } = inodes[0] ?? { layer: 0, hiding: null };
      const path = showPath(hiding?.path ?? '');
      return {
        title: `${path} is removed later, but still shipped`,
        detail: `Layer ${layer + 1} ships ${formatBytes(bytes)} of it, layer ${(hiding?.layer ?? 0) + 1} removes it. Create and remove it in one RUN, or build in a stage of its own.`,
        bytes,
        layer,
      };
    });
}

function copiesForMetadata({ shippedAgain }: Findings): Advice[] {
  return largeGroups(shippedAgain).map(([layer, { bytes, inodes }]) => ({
    title: 'Files are shipped again with the same content',
    detail: `Layer ${layer + 1} changes only owner, mode or time of ${formatCount(inodes.length, 'file')} (${namePaths(inodes)}), which copies all their bytes. Set them where the files are made, for example with COPY --chown or --chmod.`,
    bytes,
    layer,
  }));
}

function replacedBase({ replacedBase: { bytes, inodes } }: Findings): Advice[] {
  if (bytes < LARGE_SUM) return [];
  const detail = `Later layers hide ${formatCount(inodes.length, 'file')} of the base image (${namePaths(inodes)}). A newer or smaller base image would not ship them at all.`;
  return [{ title: 'Much of the base image is replaced or removed', detail, bytes, layer: null }];
}

function duplicates({ byContent }: Findings): Advice[] {
  const found: Advice[] = [];
  for (const [hash, { bytes, inodes }] of byContent) {
    const size = inodes[0]?.entry.size ?? 0;
    if (hash === '' || inodes.length < 2 || bytes - size < LARGE_SUM) continue;
    found.push({
      title: 'The same content is in the image more than once',
      detail: `${namePaths(inodes)} are equal, ${formatBytes(size)} each. Keep one and link to it.`,
      bytes: bytes - size,
      layer: inodes.at(-1)?.layer ?? null,
    });
  }
  return found;
}

function largeGroups<K>(groups: ReadonlyMap<K, Group>): [K, Group][] {
  return [...groups].filter(([, { bytes }]) => bytes >= LARGE_LOSS);
}

function add<K>(groups: Map<K, Group>, key: K, inode: Inode): void {
  let group = groups.get(key);
  if (group === undefined) {
    group = { bytes: 0, inodes: [] };
    groups.set(key, group);
  }
  addTo(group, inode);
}

function addTo(group: Group, inode: Inode): void {
  group.bytes += inode.entry.size;
  group.inodes.push(inode);
}

function contentKey({ entry }: Inode): string {
  return `${entry.path} ${entry.contentHash ?? ''}`;
}

/** The first few paths, the largest first. */
function namePaths(inodes: readonly Inode[]): string {
  const largest = inodes.toSorted((a, b) => b.entry.size - a.entry.size).slice(0, NAMED_PATHS);
  const names = [...new Set(largest.map(({ entry }) => showPath(entry.path)))].join(', ');
  const more = inodes.length - largest.length;
  return more > 0 ? `${names} and ${more} more` : names;
}

/** A path for a sentence, without control characters that could change how it reads. */
function showPath(path: string): string {
  return `/${path}`.replace(/\p{C}/gu, '\ufffd');
}
