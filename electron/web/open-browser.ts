import { spawn } from 'node:child_process';

/** The command that opens `address` in the person's browser; null where there is none to open. */
export function browserCommand(
  address: string,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): readonly [command: string, ...argv: string[]] | null {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  const hasDisplay = Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
  return hasDisplay ? ['xdg-open', address] : null;
}

/** Opens the browser; answers whether one was started. Never throws: the address is printed anyway. */
export async function openBrowser(address: string): Promise<boolean> {
  const command = browserCommand(address);
  if (command === null) return false;
  const [name, ...argv] = command;
  return new Promise((resolve) => {
    const child = spawn(name, argv, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
