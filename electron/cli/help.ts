import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';

const COMMON: Command['help'] = [
  ['--json', 'One JSON object a line, for programs'],
  ['--help', 'This text'],
];

/** Columns where standard output is no terminal, or a wider one: longer lines are hard to read. */
const MOST_COLUMNS = 100;
const FEWEST_COLUMNS = 40;

/** What `strata COMMAND --help` prints, in lines of at most this many columns. */
export function commandHelp(command: Command, columns = columnsOf(process.stdout)): string {
  const options = [...command.help, ...COMMON];
  const width = Math.max(...options.map(([option]) => option.length));
  const lines = options.flatMap(([option, meaning]) => {
    const [first = '', ...more] = wrap(meaning, columns - width - 4);
    return [`  ${option.padEnd(width)}  ${first}`, ...more.map((line) => ' '.repeat(width + 4) + line)];
  });
  return [
    ...wrap(command.summary, columns),
    '',
    ...usageLines(command.usage, columns),
    '',
    ...lines,
    '',
  ].join('\n');
}

/** `Usage: strata …`; what does not fit goes on below the first argument, and `[--option VALUE]` is not cut where a line holds it. */
function usageLines(usage: string, columns: number): string[] {
  const [name = '', ...rest] = usage.split(' ');
  const lead = `Usage: strata ${name} `;
  const parts = rest.join(' ').match(/\[(?:[^[\]]|\[[^\]]*\])*\](?:\.\.\.)?|\S+/g) ?? [];
  const width = columns - lead.length;
  const fitting = parts.flatMap((part) => (part.length > width ? part.split(' ') : [part]));
  const [first = '', ...more] = fill(fitting, width);
  return [(lead + first).trimEnd(), ...more.map((line) => ' '.repeat(lead.length) + line)];
}

function wrap(text: string, columns: number): string[] {
  return fill(text.split(' '), columns);
}

/** Lines of at most `columns`, each of as many of the parts as fit; a longer part has a line of its own. */
function fill(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= columns)
      lines.splice(-1, 1, `${last} ${part}`);
    else lines.push(part);
  }
  return lines;
}

function columnsOf(stream: Pick<NodeJS.WriteStream, 'columns'>): number {
  return Math.max(FEWEST_COLUMNS, Math.min(stream.columns || MOST_COLUMNS, MOST_COLUMNS));
}

/** What `strata --help` prints, or the help of one command. */
export async function mainHelp(name?: string): Promise<string> {
  const asked = name === undefined ? undefined : COMMANDS[name];
  if (asked !== undefined) return commandHelp(await asked.load());
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((each) => each.length));
  const lines = names.map((each) => `  ${each.padEnd(width)}  ${COMMANDS[each]?.summary ?? ''}`);
  return [
    'Strata, the image workbench: build, understand, tag and push container images.',
    '',
    'Usage: strata COMMAND [ARGUMENTS]',
    '',
    ...lines,
    '',
    'Each command has --help and --json. Data lives in $STRATA_HOME.',
    'Exit codes: 0 done, 1 the work failed, 2 wrong use, 130 cancelled.',
    '',
  ].join('\n');
}
