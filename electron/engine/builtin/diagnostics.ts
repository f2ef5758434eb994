import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import type { Diagnostic } from '#shared/contract/settings.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import { createDockerEngine } from '../docker/create-docker-engine.ts';
import type { Engine } from '../engine.ts';
import { createPodmanEngine } from '../podman/create-podman-engine.ts';
import type { Diagnostics } from '../ports.ts';

/** Less room than this is worth a word. */
const LOW_SPACE = 2_000_000_000;

export interface DiagnosticsOptions {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Engines that are open already; else Docker and Podman are looked for. */
  readonly engines?: (() => readonly Engine[]) | undefined;
}

/** Looks at the machine: where data lies, room, RUN steps, other engines. */
export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  return {
    run: async (signal) =>
      (
        await Promise.all([
          checkFolder(options.home),
          checkSpace(options.home),
          checkSandbox(),
          checkEngines(options, signal),
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
      finding: status.detail,
      mend: status.hint,
    }),
  );
}
