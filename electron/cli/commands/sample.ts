import { resolve } from 'node:path';
import { createSampleMaker } from '../../engine/builtin/sample/make-sample.ts';
import { SAMPLE_TAG } from '../../engine/builtin/sample/sample-files.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata sample DIR`. */
export const sample: Command = {
  usage: 'sample DIR',
  summary:
    'Writes a sample project into a new folder and makes its base image from this machine’s own tools: no network is needed.',
  help: [],
  options: {},
  arity: [1, 1],
  run: async ({ positionals: [folder = ''] }, { output, env, cwd, signal }) => {
    const path = resolve(cwd, folder);
    const core = await openCore(env);
    await createSampleMaker(core.store).create(path, signal);
    output.event({ type: 'sample', path, tag: SAMPLE_TAG });
    output.line(`The sample is in ${path}. Build it, change products.csv, and build it again:`);
    output.line(`  strata build ${folder} -t ${SAMPLE_TAG}`);
    return undefined;
  },
};
