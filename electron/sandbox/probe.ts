import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { release, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#shared/errors/app-error.ts';
import {
  explainChroot,
  explainKernel,
  explainMissing,
  explainPlatform,
  explainSubordinateIds,
  explainTar,
  explainTrial,
  type Finding,
} from './explain-finding.ts';
import { isKernelAtLeast, readHostFacts, readMountPoints } from './host-facts.ts';
import { findHostTools, type HostTools, isNeeded } from './host-tools.ts';
import { countIds, type IdMap, parseProcessIdMap, parseSubordinateIds, rootlessRanges } from './id-map.ts';
import { readNamespaceRules } from './namespace-rules.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { tryMounts } from './try-mounts.ts';

/** Whether RUN steps can run here. `detail` is one sentence for people. */
export type SandboxStatus =
  | { readonly available: true; readonly mode: 'root' | 'rootless'; readonly detail: string }
  | ({ readonly available: false } & Finding);

type Outcome = { readonly host: SandboxHost } | { readonly finding: Finding };

const run = promisify(execFile);
const found = new Map<string, Promise<Outcome>>();

/**
 * Looks whether steps can run, by trying the mounts below `directory` (the system's folder for temporary files
 * when absent). A good answer is remembered; after a bad one the next call looks again.
 */
export async function probeSandbox(directory = tmpdir()): Promise<SandboxStatus> {
  const outcome = await probe(directory);
  if ('finding' in outcome) return { available: false, ...outcome.finding };
  const { mode, ids } = outcome.host;
  const detail =
    mode === 'root'
      ? 'Steps run in namespaces of their own.'
      : `Steps run in a user namespace with ${countIds(ids.users)} user ids and ${countIds(ids.groups)} group ids.`;
  return { available: true, mode, detail };
}

/** The host's sandbox. Throws `sandbox-unavailable` with the reason and the mend. */
export async function requireSandbox(): Promise<SandboxHost> {
  const outcome = await probe(tmpdir());
  if ('host' in outcome) return outcome.host;
  const { reason, hint, command } = outcome.finding;
  throw new AppError('sandbox-unavailable', reason, {
    hint: command === undefined ? hint : `${hint} Command: ${command}`,
  });
}

/** The host's sandbox, null where steps cannot run. */
export async function findSandbox(): Promise<SandboxHost | null> {
  const outcome = await probe(tmpdir());
  return 'host' in outcome ? outcome.host : null;
}

function probe(directory: string): Promise<Outcome> {
  const known = found.get(directory);
  if (known !== undefined) return known;
  const looking = look(directory);
  found.set(directory, looking);
  const forget = () => found.delete(directory);
  looking.then((outcome) => 'finding' in outcome && forget(), forget);
  return looking;
}

async function look(directory: string): Promise<Outcome> {
  if (process.platform !== 'linux') return { finding: explainPlatform(process.platform) };
  const { tools, missing } = findHostTools();
  if (tools === null) return { finding: explainMissing(missing.filter(isNeeded)) };
  if (!(await isGnuTar(tools))) return { finding: explainTar() };
  if (!readMountPoints().some(({ target }) => target === '/')) return { finding: explainChroot() };
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !isKernelAtLeast(release(), 5, 11)) return { finding: explainKernel(release()) };
  const ids = isRoot ? await ownIds() : await rootlessIds(missing);
  if ('reason' in ids) return { finding: ids };
  const host: SandboxHost = { mode: isRoot ? 'root' : 'rootless', tools, facts: readHostFacts(), ids };
  const trial = await mkdtemp(join(directory, 'strata-trial-'));
  try {
    await tryMounts(host, trial);
    return { host };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'sandbox-unavailable') throw error;
    return { finding: explainTrial(error.message, isRoot, await readNamespaceRules()) };
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

async function isGnuTar(tools: HostTools): Promise<boolean> {
  const { stdout } = await run(tools.tar, ['--version']).catch(() => ({ stdout: '' }));
  return stdout.includes('GNU tar');
}

async function ownIds(): Promise<IdMap> {
  const [users, groups] = await Promise.all([readText('/proc/self/uid_map'), readText('/proc/self/gid_map')]);
  return { users: parseProcessIdMap(users), groups: parseProcessIdMap(groups) };
}

async function rootlessIds(missing: readonly string[]): Promise<IdMap | Finding> {
  const mappers = missing.filter((name) => name === 'newuidmap' || name === 'newgidmap');
  if (mappers.length > 0) return explainMissing(mappers);
  const { username, uid, gid } = userInfo();
  const [subuid, subgid] = await Promise.all([readText('/etc/subuid'), readText('/etc/subgid')]);
  const users = parseSubordinateIds(subuid, username, uid);
  const groups = parseSubordinateIds(subgid, username, uid);
  if (users.length === 0) return explainSubordinateIds(username, '/etc/subuid');
  if (groups.length === 0) return explainSubordinateIds(username, '/etc/subgid');
  return { users: rootlessRanges(uid, users), groups: rootlessRanges(gid, groups) };
}

/** The text of a file of the system, empty where it is not there. */
function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
