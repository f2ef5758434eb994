import { expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { commandHelp } from './help.ts';

it.each(Object.entries(COMMANDS))('the help of %s fits into 80 and 100 columns', async (_name, entry) => {
  const command = await entry.load();
  for (const columns of [80, 100])
    for (const line of commandHelp(command, columns).split('\n'))
      expect(line.length).toBeLessThanOrEqual(columns);
});

it('a usage goes on below its first argument, no option is parted from its value', async () => {
  const build = await COMMANDS.build?.load();
  const help = build === undefined ? '' : commandHelp(build, 80);
  const usage = help.slice(help.indexOf('Usage:'), help.indexOf('\n\n', help.indexOf('Usage:'))).split('\n');
  expect(usage.length).toBeGreaterThan(2);
  for (const line of usage.slice(1)) expect(line).toMatch(/^ {20}\S/);
  for (const line of usage) expect(line.split('[').length).toBe(line.split(']').length);
});
