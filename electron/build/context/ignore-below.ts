import { compileGoMatch } from './go-match.ts';

/**
 * Whether a pattern could match a path below `directory`, judged component by component. Says yes in doubt: where
 * `**`, brackets or escapes make components of another shape than the path's.
 */
export function couldMatchBelow(pattern: string, directory: string): boolean {
  const parts = pattern.split('/');
  const folders = directory.split('/');
  for (const [index, folder] of folders.entries()) {
    const part = parts[index];
    if (part === undefined) return false;
    if (part.includes('**') || /[[\]\\^]/.test(part)) return true;
    if (!matchesPart(part, folder)) return false;
  }
  return parts.length > folders.length;
}

function matchesPart(part: string, folder: string): boolean {
  return /[*?]/.test(part) ? compileGoMatch(part)(folder) : part === folder;
}
