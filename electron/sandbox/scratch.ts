import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, isMissing, writeError } from '../platform/file-errors.ts';
import type { MountTarget } from './mount-targets.ts';
import { removeWithTool } from './remove-tree.ts';
import type { SandboxHost } from './sandbox-host.ts';
import type { StepRequest } from './step-request.ts';

/** Symlinks that programs expect in /dev, as runc makes them. */
const DEV_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
};

/** A place to be made so that something can be mounted there. */
export interface Stub extends MountTarget {
  readonly kind: 'folder' | 'file';
}

/** What the scratch folder of a step must hold; see `step-mounts.ts` for how it is used. */
export interface ScratchContent {
  readonly lowers: readonly string[];
  readonly stubs: readonly Stub[];
  readonly devices: readonly string[];
  readonly hasMessageQueue: boolean;
  readonly hosts: string;
}

/**
 * Makes the folder for one step. Below it all names are short and relative, so that hundreds of layers fit
 * into the options of one mount:
 *
 *     upper/     what the step changes
 *     run/       the scratch folder, gone after the step
 *       l/0 ...  links to the lower directories, topmost first; the last is `stub`
 *       stub/    places for mounts that the image lacks: the lowest layer, so that they hide nothing and a
 *                step that leaves them alone changes nothing
 *       places   all that is mounted on, a line each
 *       dev/  resolv.conf  hosts  secrets/  work/  merged/
 */
export async function makeScratch(workDir: string, content: ScratchContent): Promise<string> {
  const scratch = join(workDir, 'run');
  try {
    await mkdir(workDir, { recursive: true });
    // Nobody else may reach set-id programs and device nodes of images.
    await chmod(workDir, 0o700);
    await rm(scratch, { recursive: true, force: true });
    await mkdir(join(workDir, 'upper'));
    await mkdir(scratch, { mode: 0o700 });
    const folders = ['l', 'stub', 'dev', 'secrets', 'work', 'merged'];
    await Promise.all(folders.map((name) => mkdir(join(scratch, name))));
    await Promise.all([
      linkLowers(scratch, [...content.lowers, join(scratch, 'stub')]),
      makeStubs(join(scratch, 'stub'), content.stubs),
      fillDev(join(scratch, 'dev'), content),
      writeFile(join(scratch, 'resolv.conf'), await readResolvConf()),
      writeFile(join(scratch, 'hosts'), content.hosts),
      writeFile(
        join(scratch, 'places'),
        content.stubs.map(({ kind, path }) => `${kind} merged/${path}\n`).join(''),
      ),
    ]);
  } catch (error) {
    throw writeError(error, workDir);
  }
  return scratch;
}

/** Removes the scratch folder; nothing may be mounted in it any more. */
export async function removeScratch(host: SandboxHost, scratch: string): Promise<void> {
  try {
    // The overlay leaves these, one in the other, and only root could look into them.
    for (const left of ['work', 'work/incompat', 'work/incompat/volatile'])
      await chmod(join(scratch, 'work', left), 0o700).catch(() => undefined);
    await rm(scratch, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    await removeWithTool(host, scratch);
  }
}

/** The text of a step's /etc/hosts. */
export function hostsText(request: Pick<StepRequest, 'extraHosts'>, hostname: string): string {
  const extra = (request.extraHosts ?? []).map(({ name, address }) => `${address}\t${name}\n`).join('');
  return `127.0.0.1\tlocalhost ${hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n${extra}`;
}

async function linkLowers(scratch: string, lowers: readonly string[]): Promise<void> {
  await Promise.all(lowers.map((lower, i) => symlink(lower, join(scratch, 'l', String(i)))));
}

async function makeStubs(folder: string, stubs: readonly Stub[]): Promise<void> {
  for (const { path, kind, isMissing: wanted } of stubs) {
    if (!wanted) continue;
    const place = join(folder, path);
    await mkdir(kind === 'folder' ? place : dirname(place), { recursive: true });
    if (kind === 'file') await writeFile(place, '');
  }
}

async function fillDev(dev: string, { devices, hasMessageQueue }: ScratchContent): Promise<void> {
  const folders = ['pts', 'shm', ...(hasMessageQueue ? ['mqueue'] : [])];
  await Promise.all([
    ...devices.map((name) => writeFile(join(dev, name), '')),
    ...folders.map((name) => mkdir(join(dev, name))),
    ...Object.entries(DEV_LINKS).map(([name, target]) => symlink(target, join(dev, name))),
  ]);
}

async function readResolvConf(): Promise<string> {
  try {
    return await readFile('/etc/resolv.conf', 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
