import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of Strata's package.json, whether this runs from `out/`, from the sources or from a package. */
export function appRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Strata does not find its own package.json.');
    folder = parent;
  }
  return folder;
}

/** The folder that holds the built page, `index.html` with its assets. */
export function rendererFolder(): string {
  return join(appRoot(), 'out', 'renderer');
}

/** Strata's version, from its package.json. */
export function appVersion(): string {
  const text = readFileSync(join(appRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
