import type { ContextPreview } from '#shared/contract/projects.ts';
import { visitInSlices } from '../../platform/yield.ts';
import type { ContextEntry } from './context-entry.ts';
import { ContextWarnings } from './context-warnings.ts';
import { findIgnoreFile } from './find-ignore-file.ts';
import { createIgnoreMatcher, parseIgnore } from './ignore.ts';
import { scanContext } from './scan-context.ts';

/** How many of the largest folders and files are told. */
const BIGGEST_COUNT = 20;

/**
 * What a build would be given: files, bytes, the largest parts, what the ignore file takes out, and what had better
 * be taken out too. Throws `not-found`, `permission`, and `invalid-input` for a broken ignore file.
 */
export async function previewContext(
  root: string,
  dockerfilePath: string,
  signal?: AbortSignal,
): Promise<ContextPreview> {
  const ignoreFile = await findIgnoreFile(root, dockerfilePath);
  const matcher = createIgnoreMatcher(parseIgnore(ignoreFile?.text ?? ''));
  const listing = await scanContext(root, { matcher, measureIgnored: true, signal });
  const parts = new ContextParts();
  const warnings = new ContextWarnings();
  await visitInSlices(
    listing.entries,
    (entry) => {
      parts.add(entry);
      warnings.add(entry);
    },
    signal,
  );
  return {
    files: listing.files,
    bytes: listing.bytes,
    ignoredFiles: listing.ignored?.files ?? 0,
    ignoredBytes: listing.ignored?.bytes ?? 0,
    biggest: parts.biggest(),
    warnings: await warnings.finish(root),
    ignoreFile: ignoreFile?.name ?? null,
  };
}

/** Adds up the folders and files of the two top levels. */
class ContextParts {
  readonly #parts = new Map<string, { path: string; bytes: number; files: number }>();

  add({ path, type, size }: ContextEntry): void {
    if (type === 'directory') return;
    const [first = '', second] = path.split('/', 2);
    for (const name of second === undefined ? [first] : [first, `${first}/${second}`]) {
      const part = this.#parts.get(name) ?? { path: name, bytes: 0, files: 0 };
      part.bytes += size;
      part.files += 1;
      this.#parts.set(name, part);
    }
  }

  /** Largest first. */
  biggest(): ContextPreview['biggest'] {
    const sorted = [...this.#parts.values()].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
    return sorted.slice(0, BIGGEST_COUNT);
  }
}
