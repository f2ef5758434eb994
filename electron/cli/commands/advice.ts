import { createBuildAdvisor } from '../../engine/builtin/build-advisor.ts';
import { projectFolder } from '../build-context.ts';
import { recordsOf } from '../build-records.ts';
import { type Command, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata advice`. */
export const advice: Command = {
  usage: 'advice [CONTEXT] [-f FILE]',
  summary:
    'Tells what would make builds of a folder faster or its image smaller, with what it cost in the last 20 builds.',
  help: [['-f, --file FILE', 'Dockerfile, relative to the folder (default: Dockerfile)']],
  options: { file: { type: 'string', short: 'f' } },
  arity: [0, 1],
  run: async (input, { cwd, env, output, signal }) => {
    const core = await openCore(env);
    const contextPath = projectFolder(input.positionals[0], cwd);
    const advisor = createBuildAdvisor(core.store, recordsOf(core));
    const found = await advisor.advise({ contextPath, dockerfile: textOption(input, 'file') }, signal);
    for (const one of found) output.event({ type: 'advice', ...one });
    for (const { title, detail, line } of found) {
      output.line(`${line === null ? '' : `line ${line}: `}${title}`);
      output.line(`  ${detail}\n`);
    }
    output.event({ type: 'finished', ok: true, count: found.length });
    if (found.length === 0) output.line('There is nothing to advise. More is known after some builds.');
    return undefined;
  },
};
