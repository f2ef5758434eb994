import { readdirSync, readFileSync } from 'node:fs';
import type { HostTools } from './host-tools.ts';

/** FD_CLOEXEC as the kernel shows it among the flags of an open file (octal). */
const CLOSED_ON_EXEC = 0o2000000;

let known: readonly number[] | undefined;

/**
 * What to put before a command line so that it does not get the files that whoever started Strata left open; empty where
 * there are none, as nearly always: Node keeps its own files and the lowest sixteen from its children. It is a shell that
 * becomes the command, bash where there is one: dash, for one, cannot close a file whose number has two digits.
 */
export function closeInherited({ bash, sh }: HostTools): readonly string[] {
  known ??= inheritedFiles();
  if (known.length === 0) return [];
  const close = `exec ${known.map((file) => `${file}>&-`).join(' ')}`;
  if (bash !== undefined) return [bash, '-c', `${close}; exec "$@"`, 'strata'];
  // In a shell of its own first: one that cannot do it would end.
  return [sh, '-c', `if ( eval "${close}" ) 2>/dev/null; then eval "${close}"; fi; exec "$@"`, 'strata'];
}

/** The open files of this process that a child would get; not up to 3, which each child gets from us. */
function inheritedFiles(): readonly number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((file) => file > 3 && isPassedOn(file));
}

function isPassedOn(file: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'utf8'))?.[1] ?? '';
    return (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
  } catch {
    // Closed since the list was made: the list itself was one of them.
    return false;
  }
}
