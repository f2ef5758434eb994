import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';

const COMMON: Command['help'] = [
  ['--json', 'One JSON object a line, for programs'],
  ['--help', 'This text'],
];

/** What `strata COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = [...command.help, ...COMMON];
  const width = Math.max(...options.map(([option]) => option.length));
  const lines = options.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`);
  return `${command.summary}\n\nUsage: strata ${command.usage}\n\n${lines.join('\n')}\n`;
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
