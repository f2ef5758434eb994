import type { z } from 'zod';
import type { waste } from '#shared/contract/images.ts';
import type { ImageContents } from './image-contents.ts';
import { resolvePath } from './resolve-path.ts';
import type { Hiding, Inode, TreeNode } from './tree-node.ts';
import { Turns } from './turns.ts';

export type Waste = z.infer<typeof waste>;
export type WasteItem = Waste['items'][number];

export interface WasteReport {
  /** Items are the largest first, at most `limit`; the sums count all. */
  readonly waste: Waste;
  /** Of each layer, oldest first, the bytes that later layers hide or replace. */
  readonly wastedByLayer: readonly number[];
}

export interface WasteOptions {
  /** Items to name, 1,000 when absent. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The contents that one path lost. */
interface Loss {
  readonly path: string;
  bytes: number;
  /** The acts that hid them; each stands for a copy that was shipped. */
  readonly hidings: Set<Hiding>;
}

/**
 * The bytes that an image ships but never shows: files replaced or removed by a later layer. A content with
 * several hard links counts once and is wasted when its last name is gone. What a removed directory held is one
 * item under the directory's path. Throws `cancelled`.
 */
export async function findWaste(contents: ImageContents, options: WasteOptions = {}): Promise<WasteReport> {
  const turns = new Turns(options.signal);
  const losses = new Map<string, Loss>();
  const wastedByLayer = new Array<number>(contents.layerCount).fill(0);
  let shipped = 0;
  let wasted = 0;
  for (const inode of contents.inodes) {
    const { size } = inode.entry;
    shipped += size;
    if (!contents.visible.has(inode)) {
      wasted += size;
      wastedByLayer[inode.layer] = (wastedByLayer[inode.layer] ?? 0) + size;
      addLoss(losses, inode);
    }
    if (turns.isOver()) await turns.rest();
  }
  const worst = [...losses.values()]
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, options.limit ?? 1000);
  return {
    waste: {
      wastedBytes: wasted,
      efficiency: shipped === 0 ? 1 : (shipped - wasted) / shipped,
      items: worst.map((loss) => wasteItem(loss, contents.root)),
    },
    wastedByLayer,
  };
}

function addLoss(losses: Map<string, Loss>, { entry, hiding }: Inode): void {
  if (hiding === null || entry.size === 0) return;
  const loss = losses.get(hiding.path) ?? { path: hiding.path, bytes: 0, hidings: new Set() };
  losses.set(hiding.path, loss);
  loss.bytes += entry.size;
  loss.hidings.add(hiding);
}

function wasteItem({ path, bytes, hidings }: Loss, root: TreeNode): WasteItem {
  const shown = resolvePath(root, root, path, false)?.inode ?? null;
  const last = [...hidings].reduce((a, b) => (b.layer > a.layer ? b : a));
  return { path, bytes, copies: hidings.size + (shown === null ? 0 : 1), kind: last.kind };
}
