import type { Instruction } from './ast.ts';

/** A word of an instruction in which the builder expands variables. */
export interface ExpandedWord {
  readonly text: string;
  /** The body of a heredoc: quotes have no meaning in it. */
  readonly literalQuotes: boolean;
}

/**
 * Every word of an instruction whose variables the builder expands. FROM has a scope of its own and is not among
 * them; the commands of RUN, CMD, ENTRYPOINT, HEALTHCHECK and SHELL are left to the shell; ONBUILD is expanded later.
 */
export function expandedWords(instruction: Instruction): ExpandedWord[] {
  return wordsOf(instruction)
    .map((text) => ({ text, literalQuotes: false }))
    .concat(bodiesOf(instruction));
}

function wordsOf(instruction: Instruction): string[] {
  switch (instruction.keyword) {
    case 'ARG':
      return instruction.args.flatMap(({ name, value }) => (value === null ? [name] : [name, value]));
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap(({ key, value }) => [key, value]);
    case 'COPY':
    case 'ADD': {
      const { chown, chmod } = instruction.flags;
      const checksum = instruction.keyword === 'ADD' ? instruction.flags.checksum : undefined;
      return [...instruction.sources, instruction.destination, chown, chmod, checksum].filter(
        (word) => word !== undefined,
      );
    }
    case 'EXPOSE':
      return [...instruction.ports];
    case 'VOLUME':
      return [...instruction.paths];
    case 'USER':
      return [instruction.user];
    case 'WORKDIR':
      return [instruction.path];
    case 'STOPSIGNAL':
      return [instruction.signal];
    case 'RUN':
      return instruction.flags.mounts.flatMap(({ fields }) => fields.flatMap(({ value }) => value ?? []));
    default:
      return [];
  }
}

function bodiesOf(instruction: Instruction): ExpandedWord[] {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  return instruction.heredocs
    .filter((heredoc) => heredoc.expand)
    .map(({ content }) => ({ text: content, literalQuotes: true }));
}
