import { stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { isWithin } from './is-within.ts';

/** Types of the files a built page has; any other is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** One file of the page on disk. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  /** Its name carries a hash of its content, so it may be kept for ever. */
  readonly hashed: boolean;
}

/**
 * The file of the page for a URL's path (still percent-encoded); null for what is not there, is outside
 * `root`, or has no known type.
 */
export async function findPageFile(root: string, urlPath: string): Promise<PageFile | null> {
  const name = decode(urlPath);
  if (name === null || /[\0\\]/.test(name)) return null;
  const path = resolve(join(root, name === '/' || name === '' ? 'index.html' : name));
  const type = TYPES[extname(path)];
  if (type === undefined || !isWithin(path, resolve(root))) return null;
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile()) return null;
  return { path, type, size: info.size, hashed: /^\/?assets\//.test(name) };
}

function decode(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return null;
  }
}
