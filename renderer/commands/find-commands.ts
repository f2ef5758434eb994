import type { Command } from './command.ts';

/** The commands that fit what was typed, best first: every word must occur, beginnings of words count more. */
export function findCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  return commands
    .map((command, place) => ({ command, place, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .map(({ command }) => command);
}

function scoreOf(command: Command, words: readonly string[]): number {
  const title = command.title.toLowerCase();
  const all = `${title} ${command.group.toLowerCase()} ${command.keywords?.toLowerCase() ?? ''}`;
  let score = 0;
  for (const word of words) {
    if (title.startsWith(word)) score += 4;
    else if (title.includes(` ${word}`)) score += 3;
    else if (all.includes(` ${word}`)) score += 2;
    else if (all.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
