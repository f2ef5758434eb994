import type { AddInstruction, CopyInstruction, Heredoc } from '../ast.ts';
import { parseHeredocWord } from '../heredoc.ts';
import { splitBlanks } from '../words.ts';
import { execItems, flagsOf, type InstructionRequest, invalid } from './request.ts';

/** `COPY [flags] SOURCE… DESTINATION`. */
export function parseCopy(request: InstructionRequest): CopyInstruction {
  const paths = readPaths(request);
  const flags = flagsOf(request, {
    from: 'text',
    chown: 'text',
    chmod: 'text',
    link: 'boolean',
    parents: 'boolean',
    exclude: 'list',
  });
  return { keyword: 'COPY', ...request.base, ...paths, flags };
}

/** `ADD [flags] SOURCE… DESTINATION`. */
export function parseAdd(request: InstructionRequest): AddInstruction {
  const paths = readPaths(request);
  const {
    'keep-git-dir': keepGitDir,
    unpack,
    ...flags
  } = flagsOf(request, {
    chown: 'text',
    chmod: 'text',
    link: 'boolean',
    exclude: 'list',
    checksum: 'text',
    'keep-git-dir': 'boolean',
    unpack: 'boolean',
  });
  return { keyword: 'ADD', ...request.base, ...paths, flags: { ...flags, keepGitDir, unpack } };
}

function readPaths(request: InstructionRequest): {
  sources: readonly string[];
  heredocs: readonly Heredoc[];
  destination: string;
} {
  const words = execItems(request, request.rest) ?? splitBlanks(request.rest);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    throw invalid(
      request,
      `${request.keyword} needs at least one source and a destination.`,
      `Write ${request.keyword} SOURCE DESTINATION, for example ${request.keyword} . /app/.`,
    );
  }
  if (parseHeredocWord(destination) !== null) {
    throw invalid(request, `${request.keyword} has a heredoc as its destination.`, 'Add a path after it.');
  }
  const bodies = new Map(request.heredocs.map((heredoc) => [heredoc.name, heredoc]));
  const sources: string[] = [];
  const heredocs: Heredoc[] = [];
  for (const word of words.slice(0, -1)) {
    const heredoc = bodies.get(parseHeredocWord(word)?.name ?? '');
    if (heredoc === undefined) sources.push(word);
    else heredocs.push(heredoc);
  }
  return { sources, heredocs, destination };
}
