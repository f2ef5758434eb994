import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { compareApiVersions } from './api-version.ts';
import { dockerEndpoints, type EndpointSearch } from './docker-endpoints.ts';
import type { Absence, EngineDialect, EngineVersion } from './engine-dialect.ts';

/** Docker's Engine, Docker Desktop and what behaves like them. */
export function createDockerDialect(search: EndpointSearch): EngineDialect {
  return {
    id: 'docker',
    name: 'Docker',
    endpoints: () => dockerEndpoints(search),
    // Podman may answer at Docker's default socket (podman-docker): that one is listed as Podman.
    recognises: (version) => !isPodman(version),
    // BuildKit came with API 1.39. Podman under Docker's name has Buildah.
    hasBuildKit: (version, apiVersion) => !isPodman(version) && compareApiVersions(apiVersion, '1.39') >= 0,
    explain: (absence) => explainDocker(absence, search),
  };
}

function isPodman(version: EngineVersion): boolean {
  return version.components.includes('Podman Engine');
}

async function explainDocker(
  absence: Absence,
  { env, platform }: EndpointSearch,
): Promise<{ detail: string; hint: string }> {
  switch (absence.kind) {
    case 'no-permission':
      return {
        detail: `Docker is there, but you may not use its socket ${absence.address}.`,
        hint: 'Run "sudo usermod -aG docker $USER", then sign out and in again.',
      };
    case 'too-new':
      return {
        detail: `Docker at ${absence.address} speaks only API ${absence.minApiVersion} and newer.`,
        hint: 'Update Strata.',
      };
    case 'unreachable':
      return {
        detail: `Docker does not answer at ${absence.address} (from ${absence.origin}): ${absence.why}.`,
        hint: 'Check the address and that Docker runs there.',
      };
    case 'not-running':
      return { detail: 'Docker is not running.', hint: startHint(platform) };
    case 'not-found':
      return (await isInstalled('dockerd', env, platform)) || (await isInstalled('docker', env, platform))
        ? { detail: 'Docker is installed but not running.', hint: startHint(platform) }
        : {
            detail: 'Docker is not installed.',
            hint: 'Strata builds without it. Install Docker to see its images and containers here.',
          };
  }
}

function startHint(platform: NodeJS.Platform): string {
  if (platform === 'linux') return 'Start it with "sudo systemctl start docker".';
  return 'Start Docker Desktop, or the engine you use in its place.';
}

/** Whether a program of this name is on the search path. */
export async function isInstalled(
  program: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<boolean> {
  const names = platform === 'win32' ? [`${program}.exe`] : [program];
  const separator = platform === 'win32' ? ';' : ':';
  // Services live in sbin, which is not on every user's path.
  const folders = [
    ...(env.PATH ?? '').split(separator),
    ...(platform === 'win32' ? [] : ['/usr/sbin', '/sbin']),
  ];
  for (const folder of folders.filter(Boolean)) {
    for (const name of names) {
      const found = await access(path.join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return true;
    }
  }
  return false;
}
