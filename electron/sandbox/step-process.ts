import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMountPoints } from './host-facts.ts';
import { formatMountTable } from './mount-table.ts';
import { NamespaceProcess, withNamespace } from './namespace-process.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { signalName } from './signal-names.ts';
import { type MountPlan, stepMounts } from './step-mounts.ts';
import { openStepPipes } from './step-pipes.ts';
import type { SecretFile, StepRequest } from './step-request.ts';
import { STEP_SCRIPT } from './step-script.ts';

/** What `step-script.ts` needs to run one step. */
export interface PreparedStepProcess {
  readonly plan: MountPlan;
  /** Run once all is mounted; nothing to only try the mounts. */
  readonly args: readonly string[];
  readonly hostname: string;
  /** Written to `secrets/0`, `secrets/1` … */
  readonly secrets: readonly SecretFile[];
  readonly signal: AbortSignal;
  readonly onOutput: StepRequest['onOutput'];
  readonly onSpawn?: StepRequest['onSpawn'];
}

export interface StepEnd {
  readonly exitCode: number;
  readonly signal: string | null;
}

/**
 * Runs a prepared step to its end. Throws `cancelled` once everything is gone, and `sandbox-unavailable` when
 * the mounts failed; the step has not begun then.
 */
export async function runPrepared(host: SandboxHost, step: PreparedStepProcess): Promise<StepEnd> {
  const { plan, signal } = step;
  const table = formatMountTable(stepMounts(plan, host.facts, readMountPoints()));
  writeFileSync(join(plan.scratch, 'fstab'), table);
  const flags = ['--fork', '--kill-child=KILL', '--pid', '--mount', '--ipc', '--uts', '--cgroup'];
  const child = new NamespaceProcess(host, {
    flags: [...flags, '--propagation', 'private', ...(plan.ownNetwork ? ['--net'] : [])],
    script: STEP_SCRIPT,
    args: step.args,
    env: scriptEnv(host, step),
    cwd: plan.scratch,
    stdin: 'ignore',
    stdout: 'ignore',
  });
  return withNamespace(child, signal, () => follow(child, step));
}

async function follow(child: NamespaceProcess, step: PreparedStepProcess): Promise<StepEnd> {
  const state = { mounted: false, exitCode: null as number | null };
  child.onReport((report) => {
    if (report === 'mounted') state.mounted = true;
    if (report.startsWith('exit ')) state.exitCode = Number(report.slice('exit '.length));
  });
  const pid = await child.ready;
  step.onSpawn?.(pid);
  const pipes = step.args.length === 0 ? null : await openStepPipes(step.plan.scratch, step.onOutput);
  try {
    await child.begin();
    for (const { content } of step.secrets) child.control.write(content);
    child.control.end();
    await child.closed;
    if (!state.mounted) throw child.failure('The sandbox could not be set up');
    await pipes?.ended;
  } finally {
    pipes?.close();
  }
  if (step.args.length > 0 && state.exitCode === null)
    throw child.failure('The sandbox was ended from outside');
  const exitCode = state.exitCode ?? 0;
  return { exitCode, signal: endingSignal(exitCode, child.complaints) };
}

/**
 * A shell says 128 and the signal's number both for a signal and for an exit with that number, but names the
 * signal on its error channel only when there was one.
 */
function endingSignal(exitCode: number, complaints: readonly string[]): string | null {
  if (exitCode <= 128 || complaints.length === 0) return null;
  return signalName(exitCode - 128);
}

function scriptEnv(
  host: SandboxHost,
  { plan, hostname, secrets }: PreparedStepProcess,
): Record<string, string> {
  const { mount, mkdir, mkfifo, head, chmod, chown, hostname: setHostname, ip } = host.tools;
  return {
    STRATA_MOUNT: mount,
    STRATA_MKDIR: mkdir,
    STRATA_MKFIFO: mkfifo,
    STRATA_HEAD: head ?? '',
    STRATA_CHMOD: chmod ?? '',
    STRATA_CHOWN: chown ?? '',
    STRATA_CWD: plan.cwd,
    STRATA_HOSTNAME: hostname,
    STRATA_SET_HOSTNAME: setHostname ?? '',
    STRATA_LOOPBACK: plan.ownNetwork ? (ip ?? '') : '',
    STRATA_SECRETS: secrets
      .map(({ content, mode, uid, gid }, i) => [i, content.length, mode.toString(8), uid, gid].join(':'))
      .join(' '),
  };
}
