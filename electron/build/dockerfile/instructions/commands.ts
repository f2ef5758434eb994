import type { CmdInstruction, EntrypointInstruction, RunInstruction, ShellInstruction } from '../ast.ts';
import { readRunMountFlag } from '../run-mount.ts';
import { suggestionHint } from '../suggest.ts';
import { commandForm, execItems, flagsOf, type InstructionRequest, invalid, refuseFlags } from './request.ts';

const NETWORKS = ['default', 'none', 'host'] as const;
const SECURITIES = ['sandbox', 'insecure'] as const;

/** `RUN [--mount=…]… [--network=…] [--security=…] [--device=…]… COMMAND`. */
export function parseRun(request: InstructionRequest): RunInstruction {
  const flags = flagsOf(request, { mount: 'list', network: 'text', security: 'text', device: 'list' });
  if (request.rest === '') throw invalid(request, 'RUN has no command.', 'Write RUN COMMAND.');
  const command = commandForm(request, request.rest);
  if (command.form === 'exec' && command.args.length === 0) {
    throw invalid(request, 'RUN has an empty command.', 'Write RUN ["program", "argument"].');
  }
  return {
    keyword: 'RUN',
    ...request.base,
    command,
    flags: {
      mounts: flags.mount.map((text) => readRunMountFlag(text, request.place, request.escape)),
      network: oneOf(request, 'network', flags.network, NETWORKS),
      security: oneOf(request, 'security', flags.security, SECURITIES),
      devices: flags.device,
    },
  };
}

/** `CMD COMMAND`. */
export function parseCmd(request: InstructionRequest): CmdInstruction {
  refuseFlags(request);
  return { keyword: 'CMD', ...request.base, command: commandForm(request, request.rest) };
}

/** `ENTRYPOINT COMMAND`. */
export function parseEntrypoint(request: InstructionRequest): EntrypointInstruction {
  refuseFlags(request);
  return { keyword: 'ENTRYPOINT', ...request.base, command: commandForm(request, request.rest) };
}

/** `SHELL ["program", "argument", …]`, which has no other form. */
export function parseShell(request: InstructionRequest): ShellInstruction {
  refuseFlags(request);
  const shell = execItems(request, request.rest);
  if (shell === null || shell.length === 0) {
    const message = shell === null ? 'SHELL is not written as a JSON array.' : 'SHELL is empty.';
    throw invalid(request, message, 'Write SHELL ["/bin/sh", "-c"].');
  }
  return { keyword: 'SHELL', ...request.base, shell };
}

function oneOf<const T extends string>(
  request: InstructionRequest,
  flag: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((item) => item === value.toLowerCase());
  if (found !== undefined) return found;
  const hint = suggestionHint(value, known, `It is one of ${known.join(', ')}.`);
  throw invalid(request, `RUN --${flag}=${value} is not known.`, hint);
}
