import { AppError } from '#shared/errors/app-error.ts';
import type { BaseInspector, BaseQuery } from '../../engine/ports.ts';
import { baseQueryOf, inspectorOf } from '../bases.ts';
import { type Command, type CommandInput, isSet, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata pin`. */
export const pin: Command = {
  usage: 'pin [CONTEXT] [-f FILE] [--line N] [--preview]',
  summary: 'Writes the digest of its base images into a Dockerfile, so that they cannot move.',
  help: [
    ['-f, --file FILE', 'Dockerfile, relative to the folder (default: Dockerfile)'],
    ['--build-arg K=V', 'Value of an ARG; K alone takes it from the environment'],
    [
      '--line N',
      'The image in this line; a pinned one gets the digest that its tag has now (default: all unpinned)',
    ],
    ['--preview', 'Show the lines and write nothing'],
  ],
  options: {
    file: { type: 'string', short: 'f' },
    'build-arg': { type: 'string', multiple: true },
    line: { type: 'string' },
    preview: { type: 'boolean' },
  },
  arity: [0, 1],
  run: async (input, context) => {
    const { output, signal } = context;
    const query = baseQueryOf(input, context);
    const inspector = inspectorOf(await openCore(context.env));
    const preview = isSet(input, 'preview');
    const wanted = await chooseLines(inspector, query, input);
    for (const place of wanted) {
      const change = await inspector.pin(query, { ...place, preview }, signal);
      output.event({ type: 'pinned', ...change });
      output.line(`line ${change.line}`);
      output.line(`- ${change.before}`);
      output.line(`+ ${change.after}`);
    }
    output.event({
      type: 'finished',
      ok: true,
      pinned: wanted.length,
      written: !preview && wanted.length > 0,
    });
    if (wanted.length === 0) output.line('Nothing is left to pin.');
    return undefined;
  },
};

async function chooseLines(
  inspector: BaseInspector,
  query: BaseQuery,
  input: CommandInput,
): Promise<{ line: number; written?: string }[]> {
  const text = textOption(input, 'line');
  if (text === undefined) {
    const uses = await inspector.list(query, { check: false });
    return uses
      .filter(({ state, pinnable }) => pinnable && state !== 'pinned')
      .map(({ line, written }) => ({ line, written }));
  }
  const line = Number(text);
  if (Number.isInteger(line) && line > 0) return [{ line }];
  throw new AppError('invalid-input', `"${text}" is not the number of a line.`);
}
