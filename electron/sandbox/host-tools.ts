import { join } from 'node:path';
import { isExecutable } from '../platform/is-executable.ts';

/** Programs of the host that every sandbox needs, with the Debian package that brings each. */
const NEEDED = {
  sh: 'dash',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  mount: 'mount',
  env: 'coreutils',
  mkdir: 'coreutils',
  mkfifo: 'coreutils',
  rm: 'coreutils',
  tar: 'tar',
} as const;

/** Programs that some steps or a normal user need. */
const OPTIONAL = {
  bash: 'bash',
  newuidmap: 'uidmap',
  newgidmap: 'uidmap',
  hostname: 'hostname',
  ip: 'iproute2',
  head: 'coreutils',
  chmod: 'coreutils',
  chown: 'coreutils',
} as const;

/** Absolute paths of the host's programs: they are never looked up in the PATH of a step. */
export type HostTools = { readonly [Name in keyof typeof NEEDED]: string } & {
  readonly [Name in keyof typeof OPTIONAL]?: string | undefined;
};

/** What was found; `tools` only when nothing that is needed is missing. */
export interface FoundTools {
  readonly tools: HostTools | null;
  /** Names of programs that are missing, optional ones too. */
  readonly missing: readonly string[];
}

const STANDARD_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/local/sbin'];

/** Looks for the host's programs in `path` and the standard folders. */
export function findHostTools(path = process.env.PATH ?? ''): FoundTools {
  const folders = [...path.split(':').filter((folder) => folder.startsWith('/')), ...STANDARD_FOLDERS];
  const found: Record<string, string> = {};
  const missing: string[] = [];
  for (const name of [...Object.keys(NEEDED), ...Object.keys(OPTIONAL)]) {
    const place = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (place === undefined) missing.push(name);
    else found[name] = place;
  }
  const complete = missing.every((name) => !(name in NEEDED));
  return { tools: complete ? (found as HostTools) : null, missing };
}

/** Whether the sandbox cannot do without the program. */
export function isNeeded(name: string): boolean {
  return name in NEEDED;
}

/** The command that installs the programs on Debian and Ubuntu. */
export function installCommand(names: readonly string[]): string {
  const packages: Readonly<Record<string, string>> = { ...NEEDED, ...OPTIONAL };
  return `sudo apt-get install ${[...new Set(names.map((name) => packages[name] ?? name))].join(' ')}`;
}
