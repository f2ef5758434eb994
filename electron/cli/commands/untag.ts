import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { catalogOf } from '../catalog.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata untag REF`. */
export const untag: Command = {
  usage: 'untag REF',
  summary: 'Removes a name; the image stays.',
  help: [],
  options: {},
  arity: [1, 1],
  run: async ({ positionals: [text = ''] }, { output, env }) => {
    const core = await openCore(env);
    const name = withDefaultTag(parseReference(text));
    const previous = await catalogOf(core).untag(name);
    if (previous === null) {
      throw new AppError('not-found', `Nothing is named ${familiarReference(name)}.`, {
        hint: 'See the names with "strata images".',
      });
    }
    output.event({ type: 'untagged', name: familiarReference(name), previous });
    output.line(`Removed the name ${familiarReference(name)}. It named ${previous}.`);
    return undefined;
  },
};
