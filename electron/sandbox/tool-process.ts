import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf } from '../platform/file-errors.ts';
import { NamespaceProcess, withNamespace } from './namespace-process.ts';
import type { SandboxHost } from './sandbox-host.ts';

/**
 * The kernel forgets to kill a process with its parent once it gains rights by an exec, as every program does
 * when it becomes root of a user namespace. There the shell stays, as the first process of a pid namespace, and
 * takes the program with it.
 */
const TOOL_SCRIPT = `
read -r pid rest </proc/self/stat
echo "strata: ready $pid" >&2
IFS= read -r go <&3 || exit 125
[ $$ = 1 ] || exec "$@" 3<&-
"$@" 3<&-
exit $?
`;
const ROOTLESS_FLAGS = ['--fork', '--kill-child=KILL', '--pid'];

const ENDED_EARLY = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']);

export interface ToolRun {
  /** What it does, for the error: "The layer could not be unpacked". */
  readonly purpose: string;
  /** The program (absolute path) and its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** Reads the output to its end. */
  readonly onStdout?: ((stdout: Readable) => Promise<void>) | undefined;
  /** A complaint that counts as a failure even when the program says that all is well. */
  readonly fatal?: RegExp | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs a program of the host on files of images, with the ids that steps have: inside the user namespace for a
 * normal user. Throws `cancelled`, `disk-full`, `sandbox-unavailable`, else `internal` with what it said.
 */
export async function runTool(host: SandboxHost, tool: ToolRun): Promise<void> {
  const child = new NamespaceProcess(host, {
    flags: host.mode === 'rootless' ? ROOTLESS_FLAGS : [],
    script: TOOL_SCRIPT,
    args: tool.argv,
    env: { LC_ALL: 'C' },
    cwd: tool.cwd,
    stdin: tool.stdin === undefined ? 'ignore' : 'pipe',
    stdout: tool.onStdout === undefined ? 'ignore' : 'pipe',
  });
  await withNamespace(child, tool.signal, async () => {
    await child.begin();
    await Promise.all([feed(child, tool), child.stdout === null ? undefined : tool.onStdout?.(child.stdout)]);
    const { code } = await child.closed;
    const hasFailed = code !== 0 || child.complaints.some((line) => tool.fatal?.test(line) === true);
    if (hasFailed) throw toolError(tool, child.complaints);
  });
}

async function feed(child: NamespaceProcess, { stdin }: ToolRun): Promise<void> {
  if (child.stdin === null || stdin === undefined) return;
  try {
    await pipeline(stdin, child.stdin);
  } catch (error) {
    // The program ended early and says why itself.
    if (!ENDED_EARLY.has(errnoOf(error) ?? '')) throw error;
  }
}

function toolError({ purpose }: ToolRun, complaints: readonly string[]): AppError {
  const said = complaints.join(' ').trim();
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new AppError('disk-full', `${purpose}: there is no space left on the disk.`, {
      hint: 'Free some space, or clean up with "strata prune" or the Storage screen, then try again.',
    });
  }
  return new AppError('internal', `${purpose}: ${said === '' ? 'the program gave no reason' : said}`);
}
