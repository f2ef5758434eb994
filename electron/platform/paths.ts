import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The folder that holds all of Strata's data: `$STRATA_HOME`, else the platform's folder for application data. */
export function strataHome(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.STRATA_HOME) return resolve(env.STRATA_HOME);
  const home = homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Strata');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Strata');
  const data = env.XDG_DATA_HOME;
  return join(data && isAbsolute(data) ? data : join(home, '.local', 'share'), 'strata');
}

/** The path as a person writes it, with `~` for the home folder. */
export function displayPath(path: string, home = homedir()): string {
  return path === home ? '~' : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
