import type { TagMove } from '#shared/contract/tags.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatAge } from '#shared/format/age.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { createTagHistory } from '../../engine/tag-history.ts';
import { type Command, textOption } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata tags`. */
export const tags: Command = {
  usage: 'tags [REF] | tags roll-back ID [--confirm TAG]',
  summary: 'Shows every tag that Strata moved, in the store and at registries, and moves one back.',
  help: [
    ['REF', 'Show the moves of this name alone'],
    ['roll-back ID', 'Let the tag name again what it named before that move'],
    ['--confirm TAG', 'Where the repository is marked as immutable: the tag, typed again'],
  ],
  options: { confirm: { type: 'string' } },
  arity: [0, 2],
  run: async (input, { output, env, signal }) => {
    const [first, id] = input.positionals;
    const core = await openCore(env);
    const history = createTagHistory({
      store: core.store,
      client: async () => (await core.registries()).client,
      tagRules: core.tagRules,
    });
    if (first === 'roll-back') {
      if (id === undefined)
        throw new AppError('invalid-input', 'Which move is to be taken back is missing.', {
          hint: 'See the moves and their ids with "strata tags".',
        });
      const move = await history.rollBack(id, { confirmName: textOption(input, 'confirm'), signal });
      output.event({ type: 'finished', ok: true, ...move });
      output.line(move.to === null ? `${move.name} is free again.` : `${move.name} names ${move.to} again.`);
      return undefined;
    }
    if (id !== undefined) throw new AppError('invalid-input', `"${id}" is one argument too many.`);
    const moves = await history.list({ name: first, limit: 10_000 });
    for (const move of moves) output.event({ type: 'tag-move', ...move });
    const header = ['ID', 'WHEN', 'NAME', 'WHERE', 'FROM', 'TO', 'BY'];
    const rows = moves.map((move) => rowOf(move, Date.now()));
    if (moves.length === 0) output.line('No tag was moved yet.');
    else for (const line of formatTable(header, rows)) output.line(line);
    return undefined;
  },
};

function rowOf({ id, time, name, host, from, to, by }: TagMove, now: number): string[] {
  const digest = (text: string | null) => (text === null ? '-' : shortDigest(text));
  return [id, formatAge(time, now), name, host ?? 'store', digest(from), digest(to), by];
}
