import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { catalogOf } from '../catalog.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata tag SRC DST`. */
export const tag: Command = {
  usage: 'tag SRC DST',
  summary: 'Gives an image another name. A name that points elsewhere is moved, and told.',
  help: [],
  options: {},
  arity: [2, 2],
  run: async ({ positionals: [source = '', target = ''] }, { output, env }) => {
    const core = await openCore(env);
    const name = withDefaultTag(parseReference(target));
    const previous = await catalogOf(core).tag(source, name);
    const current = await catalogOf(core).resolve(name);
    output.event({ type: 'tagged', name: familiarReference(name), digest: current, previous });
    output.line(`${familiarReference(name)} now names ${current}.`);
    if (previous !== null && previous !== current) output.line(`It named ${previous} before.`);
    return undefined;
  },
};
