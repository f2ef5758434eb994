/** Which of the lesser columns of the file tree are drawn. */
export interface TreeColumns {
  readonly share: boolean;
  readonly mode: boolean;
  readonly owner: boolean;
}

/** The columns that leave the names enough room in a tree of `width` pixels; all while it is not known. */
export function columnsFor(width: number): TreeColumns {
  const fits = (least: number): boolean => width === 0 || width >= least;
  return { share: fits(580), mode: fits(500), owner: fits(420) };
}

/** The columns as tracks of a CSS grid: path, change, size, then those that fit. */
export function tracksFor(columns: TreeColumns): string {
  return [
    'minmax(100px, 1fr) 76px 66px',
    columns.share ? 'minmax(36px, 80px)' : '',
    columns.mode ? '80px' : '',
    columns.owner ? '56px' : '',
  ]
    .join(' ')
    .trim();
}
