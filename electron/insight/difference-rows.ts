import type { FileDifference } from './compare-images.ts';

/** A row of a comparison: a file, or a directory that came or went with all that is below it. */
export interface DifferenceRow extends FileDifference {
  /** Files that the row stands for; 0 for a directory of which only the attributes differ. */
  readonly files: number;
}

/** How many files were added, changed and removed; directories do not count. */
export interface DifferenceCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/**
 * The differences as people read them: what came or went with its whole directory is one row with the sum of the
 * bytes. Largest difference first; where sizes are equal, the larger file first.
 */
export function differenceRows(differences: readonly FileDifference[]): DifferenceRow[] {
  const byPath = new Map(differences.map((difference) => [difference.path, difference]));
  const rows = new Map<string, DifferenceRow>();
  // The rest comes in the order of paths, so that a directory is a row before what is in it looks for it.
  for (const difference of differences) {
    const top = topOf(difference, byPath);
    const row = rows.get(top.path) ?? { ...top, files: 0 };
    const isFile = !difference.isDirectory;
    rows.set(top.path, {
      ...row,
      files: row.files + (isFile ? 1 : 0),
      before: top === difference ? row.before : addSize(row.before, difference.before),
      after: top === difference ? row.after : addSize(row.after, difference.after),
    });
  }
  return [...rows.values()].sort(bySize);
}

/** Counts the files of differences. */
export function countDifferences(differences: readonly FileDifference[]): DifferenceCounts {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const { change, isDirectory } of differences) if (!isDirectory) counts[change] += 1;
  return counts;
}

/** The outermost directory that came or went with it, else itself. */
function topOf(difference: FileDifference, byPath: ReadonlyMap<string, FileDifference>): FileDifference {
  let top = difference;
  if (difference.change === 'changed') return top;
  for (let slash = top.path.lastIndexOf('/'); slash > 0; slash = top.path.lastIndexOf('/')) {
    const parent = byPath.get(top.path.slice(0, slash));
    if (parent?.change !== difference.change || !parent.isDirectory) return top;
    top = parent;
  }
  return top;
}

function addSize(sum: number | null, size: number | null): number | null {
  return size === null ? sum : (sum ?? 0) + size;
}

function bySize(a: DifferenceRow, b: DifferenceRow): number {
  return weight(b) - weight(a) || largest(b) - largest(a) || (a.path < b.path ? -1 : 1);
}

function weight({ before, after }: DifferenceRow): number {
  return Math.abs((after ?? 0) - (before ?? 0));
}

function largest({ before, after }: DifferenceRow): number {
  return Math.max(before ?? 0, after ?? 0);
}
