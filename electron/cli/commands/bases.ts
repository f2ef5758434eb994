import type { BaseUse } from '#shared/contract/bases.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { baseQueryOf, inspectorOf } from '../bases.ts';
import { type Command, isSet } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata bases`. */
export const bases: Command = {
  usage: 'bases [CONTEXT] [-f FILE] [--check]',
  summary: 'Shows the images that a Dockerfile begins with: pinned, by a tag, or floating.',
  help: [
    ['-f, --file FILE', 'Dockerfile, relative to the folder (default: Dockerfile)'],
    ['--build-arg K=V', 'Value of an ARG; K alone takes it from the environment'],
    ['--check', 'Ask the registries whether there is a newer one; nothing is pulled'],
  ],
  options: {
    file: { type: 'string', short: 'f' },
    'build-arg': { type: 'string', multiple: true },
    check: { type: 'boolean' },
  },
  arity: [0, 1],
  run: async (input, context) => {
    const { output, signal } = context;
    const core = await openCore(context.env);
    const check = isSet(input, 'check');
    const found = await inspectorOf(core).list(baseQueryOf(input, context), { check, signal });
    for (const use of found) output.event({ type: 'base', ...use });
    if (found.length === 0) output.line('No image is taken from elsewhere.');
    else
      for (const line of formatTable(['LINE', 'IMAGE', 'STATE', 'HERE', 'REGISTRY'], found.map(rowOf)))
        output.line(line);
    for (const { line, problem } of found) if (problem !== null) output.line(`line ${line}: ${problem}`);
    return undefined;
  },
};

function rowOf({ line, written, reference, state, localDigest, registryDigest, newer }: BaseUse): string[] {
  const here = localDigest === null ? '-' : shortDigest(localDigest);
  const there = registryDigest === null ? '-' : shortDigest(registryDigest);
  return [String(line), reference ?? written, state, here, newer === true ? `${there} (newer)` : there];
}
