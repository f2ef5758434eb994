/** Name of the folder that the sample project is written into. */
export const SAMPLE_NAME = 'strata-sample';

/** One part of a path that can be gone to. */
export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** A path with one more name, in the way of writing of the path itself: `C:\code` keeps its backslashes. */
export function joinPath(folder: string, name: string): string {
  const separator = separatorOf(folder);
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** The folders from the root down to the path: `/`, `home`, `ada`; or `C:\`, `code`. */
export function crumbsOf(path: string): readonly Crumb[] {
  const separator = separatorOf(path);
  const names = path.split(separator).filter((name) => name !== '');
  const crumbs: Crumb[] = separator === '/' ? [{ name: '/', path: '/' }] : [];
  let folder = separator === '/' ? '/' : '';
  for (const name of names) {
    folder = folder === '' ? `${name}${separator}` : joinPath(folder, name);
    crumbs.push({ name, path: folder });
  }
  return crumbs;
}

/** The last name of a path; the path itself when it has none. */
export function lastName(path: string): string {
  return crumbsOf(path).at(-1)?.name ?? path;
}

function separatorOf(path: string): '/' | '\\' {
  return /^[A-Za-z]:|^\\\\/.test(path) ? '\\' : '/';
}
