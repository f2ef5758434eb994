import { readFile, rm } from 'node:fs/promises';
import { run } from '#electron/engine/testing/processes.ts';
import { has } from '../fixtures/tools.ts';
import type { Command } from './measure.ts';

/** Calls of the kernel that ask for a file's attributes, and that open a file; nothing where strace is not installed. */
export async function countCalls(
  command: Command,
  folder: string,
): Promise<Readonly<Record<string, number>>> {
  if (!has('strace')) return {};
  const table = `${folder}.strace`;
  const options = ['-f', '-c', '-o', table, '-e', 'trace=lstat,stat,statx,newfstatat,openat,open'];
  await run('strace', [...options, command.program, ...command.args], { env: command.env });
  const text = await readFile(table, 'utf8');
  await rm(table);
  const calls = new Map(
    text.split('\n').map((line) => {
      const fields = line.trim().split(/\s+/);
      return [fields.at(-1) ?? '', Number(fields[3] ?? 0)] as const;
    }),
  );
  const sum = (...names: string[]) => names.reduce((all, name) => all + (calls.get(name) ?? 0), 0);
  return { lstat: sum('lstat', 'stat', 'statx', 'newfstatat'), open: sum('open', 'openat') };
}
