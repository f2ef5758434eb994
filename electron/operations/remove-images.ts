import type { ImageSummary } from '#shared/contract/images.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { Engine } from '../engine/engine.ts';

/** What removing the images would free, and which of them stand against it. */
export interface RemovalPreview {
  /** Null where the engine does not know sizes. Layers that only these images share are counted where it can tell. */
  readonly freesBytes: number | null;
  readonly blocked: { id: string; why: string }[];
}

/** Looks without removing. Ids that are gone already are left out. */
export async function previewRemove(
  engine: Engine,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<RemovalPreview> {
  const wanted = new Set(ids);
  const chosen = (await engine.images.list(signal)).filter((image) => wanted.has(image.id));
  const present = chosen.map(({ id }) => id);
  const freesBytes = (await engine.images.heldOnlyBy?.(present)) ?? sumUnique(chosen);
  return { freesBytes, blocked: chosen.flatMap(whyBlocked) };
}

/** Removes one after the other; what cannot be removed is told and does not stop the others. */
export async function removeImages(
  engine: Engine,
  ids: readonly string[],
  options: { force: boolean },
): Promise<{ removed: string[]; failed: { id: string; message: string }[] }> {
  const removed: string[] = [];
  const failed: { id: string; message: string }[] = [];
  for (const id of ids) {
    try {
      await engine.images.remove(id, options);
      removed.push(id);
    } catch (error) {
      const { message, hint } = toErrorView(error);
      failed.push({ id, message: hint === undefined ? message : `${message} ${hint}` });
    }
  }
  return { removed, failed };
}

function sumUnique(images: readonly ImageSummary[]): number | null {
  let sum = 0;
  for (const { uniqueSize } of images) {
    if (uniqueSize === null) return null;
    sum += uniqueSize;
  }
  return sum;
}

function whyBlocked(image: ImageSummary): { id: string; why: string }[] {
  if (image.usedBy.length === 0) return [];
  const names = image.usedBy.slice(0, 3).join(', ');
  const more = image.usedBy.length > 3 ? ` and ${image.usedBy.length - 3} more` : '';
  return [{ id: image.id, why: `Used by ${names}${more}.` }];
}
