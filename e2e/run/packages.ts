import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A part of the system that tests need. */
export interface SystemPart {
  /** Debian package that brings it. */
  readonly package: string;
  /** Program, or a path from the root, that shows it is there. */
  readonly shownBy: string;
  /** What cannot be tested without it. */
  readonly neededFor: string;
}

/** Everything that the tests use beside Node. */
export const SYSTEM_PARTS: readonly SystemPart[] = [
  { package: 'chromium', shownBy: 'chromium', neededFor: 'the page in a browser' },
  {
    package: 'docker-registry',
    shownBy: 'docker-registry',
    neededFor: 'push, pull and sign-in at a real registry',
  },
  { package: 'docker.io', shownBy: 'dockerd', neededFor: 'a real Docker engine' },
  { package: 'containerd', shownBy: 'ctr', neededFor: 'containerd as a client of the share' },
  { package: 'iptables', shownBy: 'iptables', neededFor: 'ports of containers' },
  { package: 'iproute2', shownBy: 'ip', neededFor: 'networks of steps and containers' },
  { package: 'podman', shownBy: 'podman', neededFor: 'a real Podman service' },
  { package: 'crun', shownBy: 'crun', neededFor: 'containers of Podman' },
  { package: 'buildah', shownBy: 'buildah', neededFor: 'the bench' },
  { package: 'skopeo', shownBy: 'skopeo', neededFor: 'reading images by another tool' },
  { package: 'umoci', shownBy: 'umoci', neededFor: 'reading the store by another tool' },
  { package: 'busybox-static', shownBy: '/bin/busybox', neededFor: 'RUN steps over a small base image' },
  { package: 'uidmap', shownBy: 'newuidmap', neededFor: 'RUN steps of a normal user' },
  { package: 'apache2-utils', shownBy: 'htpasswd', neededFor: 'a registry with a password' },
  { package: 'openssl', shownBy: 'openssl', neededFor: 'certificates' },
  { package: 'attr', shownBy: 'setfattr', neededFor: 'extended attributes' },
  { package: 'git', shownBy: 'git', neededFor: 'ADD of a repository' },
  { package: 'bzip2', shownBy: 'bzip2', neededFor: 'ADD of archives' },
  { package: 'xz-utils', shownBy: 'xz', neededFor: 'ADD of archives' },
  { package: 'zstd', shownBy: 'zstd', neededFor: 'layers packed with zstd' },
];

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** The parts that this machine lacks. */
export function missingParts(): SystemPart[] {
  return SYSTEM_PARTS.filter((part) => !isThere(part.shownBy));
}

function isThere(name: string): boolean {
  if (name.startsWith('/')) return existsSync(name);
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether packages can be installed without asking anybody: Debian or Ubuntu, as root. */
export function canInstall(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return process.getuid?.() === 0 && /^ID(?:_LIKE)?=.*(?:debian|ubuntu)/m.test(release);
}

/** Installs the packages by apt-get; tells whether that worked. */
export function installParts(parts: readonly SystemPart[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args: readonly string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const names = parts.map((part) => part.package);
  return apt(['update']) && apt(['install', '-y', '--no-install-recommends', ...names]);
}
