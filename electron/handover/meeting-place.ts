import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * $STRATA_HOME/hosts/ holds one entry for each host that runs on the data folder, named `<pid>-<start>.<random>`: its
 * socket, or, with `.at` behind the name, a file that says where the socket is. The folder is the user's alone, so
 * whoever reaches a socket in it is the user.
 */

/** Where hosts of a data folder can be met. */
export function hostsFolder(home: string): string {
  return join(home, 'hosts');
}

/** Marks an entry that says where the socket is instead of being it. */
export const ELSEWHERE = '.at';

/** Addresses to connect to, the host that started last first. Those of hosts that were killed are among them. */
export function findHosts(home: string): string[] {
  const folder = hostsFolder(home);
  try {
    if (!isOwnFolder(folder)) return [];
    const names = readdirSync(folder);
    if (names.length > 1) names.sort((a, b) => startOf(b) - startOf(a));
    return names.map((name) => addressOf(join(folder, name))).filter((address) => address !== null);
  } catch {
    // No host ever ran here, or one ended meanwhile: the caller does its work itself.
    return [];
  }
}

function addressOf(path: string): string | null {
  if (!path.endsWith(ELSEWHERE)) return path;
  const address = readFileSync(path, 'utf8');
  return process.platform === 'win32' || isOwnFolder(dirname(address)) ? address : null;
}

/** Whether a folder belongs to this user and nobody else may enter it; Windows has the name's secret instead. */
function isOwnFolder(folder: string): boolean {
  if (process.platform === 'win32') return true;
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}

function startOf(name: string): number {
  return Number(/^\d+-(\d+)/.exec(name)?.[1] ?? 0);
}
