import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, isMissing, writeError } from '../platform/file-errors.ts';
import type { MountTarget } from './mount-targets.ts';
import { removeWithTool } from './remove-with-tool.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { newScratchFolder } from './scratch-place.ts';
import { makeStackFolders, type StackMount } from './stack-mounts.ts';
import type { StepRequest } from './step-request.ts';

/** Symlinks that programs expect in /dev, as runc makes them. */
const DEV_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
};
const DEV_FOLDERS = ['pts', 'shm', 'mqueue'];
const FOLDERS = ['l', 'stub', 'dev', 'secrets', 'merged'];
/** Folders that the overlay leaves, one in the other, and only root could look into. */
const OVERLAY_LEFTOVERS = ['work', 'work/incompat', 'work/incompat/volatile'];

/** A place to be made so that something can be mounted there. */
export interface Stub extends MountTarget {
  readonly kind: 'folder' | 'file';
}

/** What the scratch folder of a step must hold; see `step-mounts.ts` for how it is used. */
export interface ScratchContent {
  /** Topmost first. */
  readonly lowers: readonly string[];
  readonly stubs: readonly Stub[];
  readonly stacks: readonly StackMount[];
  /** Names of device nodes in /dev. */
  readonly devices: readonly string[];
  /** Text of /etc/hosts. */
  readonly hosts: string;
}

/**
 * Makes the scratch folder of one step, and in `workDir` what must lie on the same disk as its changes. All
 * names are short and relative, so that hundreds of layers fit into the options of one mount:
 *
 *     workDir/upper  what the step changes
 *     workDir/work   the overlay's own, gone after the step
 *     scratch/       gone after the step
 *       l/0 ...      links to the lower directories, topmost first; the last is `stub`
 *       w            link to workDir
 *       stub/        places for mounts that the image lacks: the lowest layer, so that they hide nothing and a
 *                    step that leaves them alone changes nothing
 *       places       all that is mounted on, a line each
 *       dev/  resolv.conf  hosts  secrets/  merged/
 *
 * The scratch folder lies in memory where there is a place for it. These are some forty tiny files: made
 * synchronously they take less than a millisecond, through the thread pool ten times that.
 */
export function makeScratch(workDir: string, content: ScratchContent): string {
  try {
    mkdirSync(workDir, { recursive: true });
    // Nobody else may reach set-id programs and device nodes of images.
    chmodSync(workDir, 0o700);
    for (const name of ['upper', 'work']) mkdirSync(join(workDir, name));
    const scratch = newScratchFolder(workDir);
    for (const name of FOLDERS) mkdirSync(join(scratch, name));
    const lowers = [...content.lowers, join(scratch, 'stub')];
    for (const [i, lower] of lowers.entries()) symlinkSync(lower, join(scratch, 'l', String(i)));
    symlinkSync(workDir, join(scratch, 'w'));
    makeStackFolders(scratch, workDir, content.stacks);
    for (const stub of content.stubs) if (stub.isMissing) makeStub(join(scratch, 'stub'), stub);
    fillDev(join(scratch, 'dev'), content.devices);
    writeFileSync(join(scratch, 'resolv.conf'), readResolvConf());
    writeFileSync(join(scratch, 'hosts'), content.hosts);
    writeFileSync(join(scratch, 'places'), content.stubs.map(placeLine).join(''));
    return scratch;
  } catch (error) {
    throw writeError(error, workDir);
  }
}

/** Removes all that `makeScratch` made but the changes; nothing may be mounted in it any more. */
export async function removeScratch(host: SandboxHost, workDir: string, scratch: string): Promise<void> {
  const work = join(workDir, 'work');
  for (const left of OVERLAY_LEFTOVERS) openFolder(join(work, left));
  await removeFolder(host, work);
  for (const name of readdirSync(workDir))
    if (/^s\d+$/.test(name)) await removeFolder(host, join(workDir, name));
  await removeFolder(host, scratch);
}

/** The text of a step's /etc/hosts. */
export function hostsText(request: Pick<StepRequest, 'extraHosts'>, hostname: string): string {
  const extra = (request.extraHosts ?? []).map(({ name, address }) => `${address}\t${name}\n`).join('');
  return `127.0.0.1\tlocalhost ${hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n${extra}`;
}

async function removeFolder(host: SandboxHost, folder: string): Promise<void> {
  try {
    // A step may have put any number of files into its /dev; all else is small and our own.
    const dev = join(folder, 'dev');
    if (existsSync(dev) && readdirSync(dev).length > 100) await rm(dev, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    await removeWithTool(host, folder);
  }
}

function placeLine({ kind, path }: Stub): string {
  return `${kind} merged/${path}\n`;
}

function makeStub(folder: string, { path, kind }: Stub): void {
  const place = join(folder, path);
  mkdirSync(kind === 'folder' ? place : dirname(place), { recursive: true });
  if (kind === 'file') writeFileSync(place, '');
}

function fillDev(dev: string, devices: readonly string[]): void {
  for (const name of devices) writeFileSync(join(dev, name), '');
  for (const name of DEV_FOLDERS) mkdirSync(join(dev, name));
  for (const [name, target] of Object.entries(DEV_LINKS)) symlinkSync(target, join(dev, name));
}

function readResolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

function openFolder(path: string): void {
  try {
    chmodSync(path, 0o700);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
