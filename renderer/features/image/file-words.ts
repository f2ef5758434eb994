import type { FileRow } from '#shared/contract/images.ts';

/** How a change is told: a sign and a word, so that colour is never alone. Null for what only leads to changes. */
export function changeWords(
  change: FileRow['change'],
): { readonly sign: string; readonly word: string } | null {
  switch (change) {
    case 'added':
      return { sign: '+', word: 'added' };
    case 'changed':
      return { sign: '~', word: 'changed' };
    case 'removed':
      return { sign: '−', word: 'removed' };
    case 'none':
      return null;
  }
}

const TYPE_LETTERS: Readonly<Record<FileRow['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: '-',
  fifo: 'p',
  char: 'c',
  block: 'b',
};

/** Type and mode as `ls -l` prints them: `drwxr-xr-x`, `-rwsr-xr-x`. */
export function formatMode(type: FileRow['type'], mode: number): string {
  const triple = (shift: number, special: number, on: string, off: string): string => {
    const bits = (mode >> shift) & 7;
    const isSpecial = (mode & special) !== 0;
    const last = isSpecial ? ((bits & 1) !== 0 ? on : off) : (bits & 1) !== 0 ? 'x' : '-';
    return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${last}`;
  };
  return (
    TYPE_LETTERS[type] +
    triple(6, 0o4000, 's', 'S') +
    triple(3, 0o2000, 's', 'S') +
    triple(0, 0o1000, 't', 'T')
  );
}

/** What a file can be opened for: regular files with content of their own. */
export function canRead(row: FileRow): boolean {
  return row.change !== 'removed' && (row.type === 'file' || row.type === 'hardlink');
}
