import { createDiagnostics } from '../../engine/builtin/diagnostics.ts';
import { describeHandover } from '../../engine/builtin/terminal-builds.ts';
import { askHosts } from '../../handover/ask-hosts.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

const SIGN = { ok: '✓', warning: '!', problem: '✕' } as const;

/** `strata doctor`. */
export const doctor: Command = {
  usage: 'doctor',
  summary: 'Checks what this machine can do, and tells how to mend what it cannot.',
  help: [],
  options: {},
  arity: [0, 0],
  run: async (_input, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const findings = [
      ...(await createDiagnostics({ home: core.home, env }).run(signal)),
      describeHandover(await askHosts(env, cwd)),
    ];
    for (const finding of findings) {
      output.event({ type: 'diagnostic', ...finding });
      output.line(`${SIGN[finding.state]} ${finding.title}: ${finding.finding}`);
      if (finding.mend !== null) output.line(`    ${finding.mend}`);
      if (finding.command !== null) output.line(`    $ ${finding.command}`);
    }
    return findings.some((finding) => finding.state === 'problem') ? 1 : 0;
  },
};
