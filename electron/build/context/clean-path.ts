/** The shortest equal path, as Go's `filepath.Clean` makes it on POSIX: `a//b/../c/.` is `a/c`, nothing is `.`. */
export function cleanPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push('..');
  }
  return (isAbsolute ? '/' : '') + parts.join('/') || '.';
}

/** A path within a root: cleaned as if the root were `/`, without leading slash; the root itself is empty. */
export function pathInRoot(path: string): string {
  return cleanPath(`/${path}`).slice(1);
}
