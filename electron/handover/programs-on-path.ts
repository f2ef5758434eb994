import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Programs that builds start by name. */
const NAMES =
  /^(?:git|ssh|flock|bzip2|xz|zstd|tar|sh|env|rm|ip|head|mkdir|mkfifo|mount|chmod|chown|hostname|unshare|setpriv|setsid|newuidmap|newgidmap)$/;
const FAMILIES = /^(?:docker-credential|git-credential|git-remote)-/;

/**
 * Where the programs lie that a build finds by a PATH, as text that is equal where all are the same; null where a folder
 * of it depends on the working directory.
 */
export function programsOnPath(path: string): string | null {
  const places = new Map<string, string>();
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) return null;
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
