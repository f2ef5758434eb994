import type { ErrorView } from '#shared/contract/common.ts';
import type { FileRow } from '#shared/contract/images.ts';

/** A directory of a layer as far as it was asked for. */
export interface Directory {
  readonly rows: readonly FileRow[];
  /** How many entries it has in all. */
  readonly total: number;
  readonly isLoading: boolean;
  readonly error: ErrorView | null;
}

/** A line of the tree as it is drawn. */
export type TreeLine =
  | { readonly kind: 'file'; readonly row: FileRow; readonly depth: number; readonly isOpen: boolean }
  | { readonly kind: 'more'; readonly path: string; readonly depth: number; readonly left: number }
  | { readonly kind: 'loading'; readonly path: string; readonly depth: number }
  | { readonly kind: 'failed'; readonly path: string; readonly depth: number; readonly error: ErrorView };

/** By path; '' is the root. */
export type Directories = Readonly<Record<string, Directory>>;

/** The lines of the tree from top to bottom: open directories with what is known of them below. */
export function flattenTree(directories: Directories, open: ReadonlySet<string>): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  addDirectory(lines, directories, open, '', 0);
  return lines;
}

function addDirectory(
  lines: TreeLine[],
  directories: Directories,
  open: ReadonlySet<string>,
  path: string,
  depth: number,
): void {
  const directory = directories[path];
  if (directory === undefined) return;
  for (const row of directory.rows) {
    const isOpen = row.hasChildren && open.has(row.path);
    lines.push({ kind: 'file', row, depth, isOpen });
    if (isOpen) addDirectory(lines, directories, open, row.path, depth + 1);
  }
  const left = directory.total - directory.rows.length;
  if (directory.error !== null) lines.push({ kind: 'failed', path, depth, error: directory.error });
  else if (directory.isLoading) lines.push({ kind: 'loading', path, depth });
  else if (left > 0) lines.push({ kind: 'more', path, depth, left });
}

/** The bytes of everything at the root: what a share in the tree is a share of. */
export function rootSize(directories: Directories): number {
  return directories['']?.rows.reduce((sum, row) => sum + row.size, 0) ?? 0;
}

/** The directory a path lies in; '' for one at the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
