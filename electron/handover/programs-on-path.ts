import { readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Programs that builds start by name. */
const NAMES =
  /^(?:git|ssh|flock|bzip2|xz|zstd|tar|sh|bash|env|rm|ip|head|mkdir|mkfifo|mount|chmod|chown|hostname|unshare|setpriv|setsid|newuidmap|newgidmap)$/;
const FAMILIES = /^(?:docker-credential|git-credential|git-remote)-/;

/** How many answers are kept: terminals have few PATHs. */
const KEPT = 8;
const known = new Map<string, { readonly state: string; readonly answer: string }>();

/**
 * Where the programs lie that a build finds by a PATH, as text that is equal where all are the same; null where a folder
 * of it depends on the working directory. A folder is read again when something was put into it or taken out.
 */
export function programsOnPath(path: string): string | null {
  const folders = path.split(delimiter);
  if (!folders.every((folder) => isAbsolute(folder))) return null;
  const state = folders.map(changeOf).join(' ');
  const earlier = known.get(path);
  if (earlier?.state === state) return earlier.answer;
  const answer = findPrograms(folders);
  known.delete(path);
  known.set(path, { state, answer });
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return answer;
}

/** When a folder last got or lost an entry. */
function changeOf(folder: string): string {
  const { mtimeMs, ino } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: 0, ino: 0 };
  return `${ino}:${mtimeMs}`;
}

function findPrograms(folders: readonly string[]): string {
  const places = new Map<string, string>();
  for (const folder of folders) {
    for (const name of namesIn(folder))
      if (!places.has(name) && (NAMES.test(name) || FAMILIES.test(name)))
        places.set(name, realPlace(join(folder, name)));
  }
  return JSON.stringify([...places].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** `/bin` and `/usr/bin` are one folder on many machines. */
function realPlace(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    return place;
  }
}
