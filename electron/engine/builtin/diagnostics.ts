import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import type { Diagnostic } from '#shared/contract/settings.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import { whyNotRunnable } from '../../sandbox/foreign-programs.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createDockerEngine } from '../docker/create-docker-engine.ts';
import type { Engine } from '../engine.ts';
import { createPodmanEngine } from '../podman/create-podman-engine.ts';
import type { Diagnostics } from '../ports.ts';
import { checkCredentialHelpers } from './check-credential-helpers.ts';
import { describeTerminalBuilds, type TerminalBuilds } from './terminal-builds.ts';

/** Less room than this is worth a word. */
const LOW_SPACE = 2_000_000_000;
/** The kernel's limit of watched folders for a user, and the least that large projects do with. */
const WATCHES = '/proc/sys/fs/inotify/max_user_watches';
const FEW_WATCHES = 8192;

export interface DiagnosticsOptions {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Engines that are open already; else Docker and Podman are looked for. */
  readonly engines?: (() => readonly Engine[]) | undefined;
  /** Of a host that terminals may hand builds to. */
  readonly terminals?: TerminalBuilds | undefined;
}

/** Looks at the machine: where data lies, room, RUN steps here and of other platforms, watching, other engines. */
export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  return {
    run: async (signal) =>
      (
        await Promise.all([
          checkFolder(options.home),
          checkSpace(options.home),
          checkSandbox(),
          checkForeign(),
          checkWatching(),
          checkCredentialHelpers(options.env),
          checkEngines(options, signal),
          options.terminals === undefined ? [] : describeTerminalBuilds(options.terminals),
        ])
      ).flat(),
  };
}

type Found = Omit<Diagnostic, 'mend' | 'command'> & Partial<Diagnostic>;

function diagnostic(found: Found): Diagnostic {
  return { mend: null, command: null, ...found };
}

async function checkFolder(home: string): Promise<Diagnostic> {
  const base = { id: 'data-folder', title: 'Data folder' };
  const writable = await access(home, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (writable) return diagnostic({ ...base, state: 'ok', finding: `${home} can be written.` });
  return diagnostic({
    ...base,
    state: 'problem',
    finding: `${home} cannot be written.`,
    mend: 'Change its owner or mode, or set STRATA_HOME to a folder of your own.',
  });
}

async function checkSpace(home: string): Promise<Diagnostic> {
  const base = { id: 'disk-space', title: 'Room on the disk' };
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  if (free >= LOW_SPACE)
    return diagnostic({ ...base, state: 'ok', finding: `${formatBytes(free)} are free.` });
  return diagnostic({
    ...base,
    state: 'warning',
    finding: `Only ${formatBytes(free)} are free.`,
    mend: 'Clean up in Storage, or with the command.',
    command: 'strata prune',
  });
}

async function checkSandbox(): Promise<Diagnostic> {
  const base = { id: 'sandbox', title: 'RUN steps' };
  const status = await probeSandbox();
  if (status.available) return diagnostic({ ...base, state: 'ok', finding: status.detail });
  return diagnostic({
    ...base,
    state: 'problem',
    finding: status.reason,
    mend: status.hint,
    command: status.command ?? null,
  });
}

/** Whether RUN steps of the other common processor run here: others than those are rarely built for. */
async function checkForeign(): Promise<Diagnostic[]> {
  const host = hostPlatform();
  if (host.os !== 'linux') return [];
  const foreign = { os: 'linux', architecture: host.architecture === 'arm64' ? 'amd64' : 'arm64' };
  const base = { id: 'foreign-platforms', title: 'Other platforms', state: 'ok' } as const;
  const why = await whyNotRunnable(foreign, host);
  if (why === null)
    return [diagnostic({ ...base, finding: `RUN steps of ${formatPlatform(foreign)} run here too.` })];
  return [
    diagnostic({
      ...base,
      finding: `RUN steps run for ${formatPlatform(host)} alone: ${why}. Images of other platforms are pulled, looked into and built from COPY all the same.`,
      mend: 'To run their steps, register QEMU with the kernel: on Debian and Ubuntu the package qemu-user-static does it.',
    }),
  ];
}

/** Whether enough folders can be watched for predictions to follow the files of a large project. */
async function checkWatching(): Promise<Diagnostic[]> {
  const text = await readFile(WATCHES, 'utf8').catch(() => null);
  const watches = text === null ? Number.NaN : Number.parseInt(text, 10);
  if (Number.isNaN(watches)) return [];
  const base = { id: 'watching', title: 'Watching files' };
  const finding = `${formatNumber(watches)} folders can be watched, so that predictions follow changed files.`;
  if (watches >= FEW_WATCHES) return [diagnostic({ ...base, state: 'ok', finding })];
  return [
    diagnostic({
      ...base,
      state: 'warning',
      finding: `Only ${formatNumber(watches)} folders can be watched: in a larger project predictions do not follow changed files.`,
      mend: 'Raise the limit of the kernel; for good in a file of /etc/sysctl.d.',
      command: 'sudo sysctl fs.inotify.max_user_watches=524288',
    }),
  ];
}

async function checkEngines(
  { engines, env }: DiagnosticsOptions,
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const open = engines?.().filter((engine) => engine.id !== 'builtin') ?? [
    createDockerEngine({ env }),
    createPodmanEngine({ env }),
  ];
  const found = await Promise.all(open.map((engine) => engine.status(signal)));
  if (engines === undefined) await Promise.all(open.map((engine) => engine.close()));
  return found.map((status) =>
    diagnostic({
      id: `engine-${status.id}`,
      title: status.name,
      // Strata works without them: their absence is no problem.
      state: status.state === 'ready' ? 'ok' : 'warning',
      finding: status.state === 'ready' ? status.detail : `${status.detail} Strata works without it.`,
      mend: status.hint,
    }),
  );
}
