import { readlinkSync, statSync } from 'node:fs';
import { programsOnPath } from './programs-on-path.ts';

/**
 * Variables that decide what a build finds, whom it asks and as whom, apart from those that go with it (see
 * `BuildRequest.env`): where things lie, proxies and certificates, what credential helpers go by, languages.
 */
const DECIDING =
  /^(?:STRATA_.*|DOCKER_.*|BUILDKIT_.*|HOME|USERPROFILE|(?:LOCAL)?APPDATA|PATH|USER|LOGNAME|TMPDIR|TEMP|TMP|XDG_(?:CONFIG|DATA|CACHE|STATE|RUNTIME)_.*|.*_PROXY|SSL_CERT_.*|NODE_(?:EXTRA_CA_CERTS|OPTIONS|TLS_.*)|AWS_.*|AZURE_.*|GOOGLE_.*|CLOUDSDK_.*|CONTAINER_HOST|CONTAINERS_.*|REGISTRY_AUTH_FILE|GNUPGHOME|PASSWORD_STORE_.*|DBUS_SESSION_BUS_ADDRESS|LD_.*|DYLD_.*|TZ|LANG|LC_ALL|LC_MESSAGES)$/i;

/** These are for the terminal alone. */
const PERSONAL = new Set(['STRATA_DEBUG', 'STRATA_STANDALONE']);

/** From where a terminal builds: what must be as at the host, or the host would build something else. */
export interface TerminalPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** User, groups, mask for new files, root folder and namespaces, in a form that is compared and not read. */
  readonly standing: string;
}

/** What a process may do and which files it sees, as text that is equal for equals. */
export function ownStanding(): string {
  const { dev, ino } = statSync('/');
  const user = [process.geteuid?.(), process.getegid?.(), process.getgroups?.(), process.umask()];
  const parts: unknown[] = [...user, dev, ino];
  if (process.platform === 'linux') {
    for (const name of ['mnt', 'net', 'pid', 'user']) parts.push(readlinkSync(`/proc/self/ns/${name}`));
  }
  return JSON.stringify(parts);
}

/** Why a host must not build for a terminal: the names of what differs, never a value. Null when it may. */
export function differenceOf(
  terminal: Pick<TerminalPlace, 'env' | 'standing'>,
  host: Pick<TerminalPlace, 'env' | 'standing'>,
): string | null {
  if (terminal.standing !== host.standing)
    return 'another user, other rights, or another view of the machine';
  const names = new Set([...Object.keys(terminal.env), ...Object.keys(host.env)]);
  const different = [...names].filter(
    (name) =>
      DECIDING.test(name) &&
      !PERSONAL.has(name) &&
      terminal.env[name] !== host.env[name] &&
      !(name === 'PATH' && leadToTheSame(terminal.env.PATH, host.env.PATH)),
  );
  return different.length === 0 ? null : `other values of ${different.sort().join(', ')}`;
}

/** Terminals put folders of their own before the others (virtual environments, version managers). */
function leadToTheSame(terminal: string | undefined, host: string | undefined): boolean {
  const programs = terminal === undefined ? null : programsOnPath(terminal);
  return programs !== null && host !== undefined && programs === programsOnPath(host);
}
