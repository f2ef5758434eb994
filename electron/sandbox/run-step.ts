import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { cancelled } from '../image/abortable.ts';
import { isMissing } from '../platform/file-errors.ts';
import { mapsId } from './id-map.ts';
import { setLoaderVariablesInside } from './loader-variables.ts';
import { withPlainErrors } from './plain-errors.ts';
import { requireSandbox } from './probe.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { hostsText, makeScratch, removeScratch } from './scratch.ts';
import { topmostFirst } from './stack-mounts.ts';
import { stepCommandLine } from './step-command.ts';
import { planStepMounts } from './step-plan.ts';
import { runPrepared } from './step-process.ts';
import type { StepRequest, StepResult } from './step-request.ts';
import { resolveStepUser, type StepUser } from './step-user.ts';

const HOSTNAME = 'strata';

/**
 * Runs one build step over an image's layers and leaves what it changed in `workDir/upper`. A step that ends
 * with an error is a result, not an exception. Whatever the step started is gone when this returns or throws,
 * and when this process dies. Throws `cancelled`, `sandbox-unavailable`, `not-found` for an unknown user,
 * `invalid-input` for mounts that cannot be, `permission` for a user without an id in the sandbox.
 */
export async function runStep(request: StepRequest): Promise<StepResult> {
  const started = performance.now();
  if (request.signal.aborted) throw cancelled();
  const host = await requireSandbox();
  const user = await findUser(host, request);
  const insecure = request.insecure === true;
  const { stubs, ...mounts } = await planStepMounts(request);
  const entered = setLoaderVariablesInside(request.tree, request);
  const args = stepCommandLine(host.tools, { ...entered, cwd: request.cwd, user, insecure });
  const hostname = request.hostname ?? HOSTNAME;
  const lowers = topmostFirst(request.lowers.flat());
  const scratch = makeScratch(request.workDir, {
    lowers,
    stubs,
    stacks: mounts.stacks,
    devices: host.facts.devices,
    hosts: hostsText(request, hostname),
  });
  try {
    const end = await runPrepared(host, {
      plan: {
        ...mounts,
        mode: host.mode,
        insecure,
        ownNetwork: request.network === 'none',
        scratch,
        lowerCount: lowers.length + 1,
      },
      args,
      hostname,
      secrets: request.secrets ?? [],
      signal: request.signal,
      onOutput: withPlainErrors(request.onOutput),
      onSpawn: request.onSpawn,
    });
    return { ...end, ms: performance.now() - started, upper: join(request.workDir, 'upper') };
  } finally {
    await removeScratch(host, request.workDir, scratch);
  }
}

/** Who the step runs as, by the image's own lists. */
async function findUser(host: SandboxHost, request: StepRequest): Promise<StepUser> {
  const [passwd, group] = await Promise.all([
    readText(request, '/etc/passwd'),
    readText(request, '/etc/group'),
  ]);
  const user = resolveStepUser(request.user, passwd, group);
  const { users, groups } = host.ids;
  const hasAll = mapsId(users, user.uid) && [user.gid, ...user.groups].every((gid) => mapsId(groups, gid));
  if (hasAll) return user;
  throw new AppError(
    'permission',
    `The user ${request.user || 'root'} (${user.uid}:${user.gid}) has no id in the sandbox of a normal user.`,
    {
      hint: 'Give yourself more subordinate ids (usermod --add-subuids, --add-subgids), or run Strata as root.',
    },
  );
}

/** The text of a small file of the image, null where there is none. */
async function readText({ tree, lowers }: StepRequest, path: string): Promise<string | null> {
  const resolved = tree.resolve(path);
  const node = resolved === null ? undefined : tree.get(resolved);
  if (node?.entry?.type !== 'file') return null;
  for (const folder of topmostFirst(lowers[node.layer] ?? [])) {
    try {
      return await readFile(join(folder, node.entry.path), 'utf8');
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return null;
}
