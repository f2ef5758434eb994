import { readdirSync, readFileSync } from 'node:fs';
import type { HostTools } from './host-tools.ts';

/** FD_CLOEXEC as the kernel shows it among the flags of an open file (octal). */
const CLOSED_ON_EXEC = 0o2000000;

/**
 * Closes the files whose numbers come before `--`, and goes on as the command after it. In a shell of its own first: one
 * that knows numbers of one digit only, as dash, would end over a longer one.
 */
const CLOSE_SCRIPT = `
while [ "$1" != -- ]; do
  if ( eval "exec $1>&-" ) 2>/dev/null; then eval "exec $1>&-"; fi
  shift
done
shift
exec "$@"
`;

let known: readonly number[] | undefined;

/**
 * What to put before a command line so that it does not get the files that whoever started Strata left open; empty where
 * there are none, as nearly always: Node keeps its own files and the lowest sixteen from its children.
 */
export function closeInherited({ bash, sh }: HostTools): readonly string[] {
  known ??= inheritedFiles();
  if (known.length === 0) return [];
  return [bash ?? sh, '-c', CLOSE_SCRIPT, 'strata', ...known.map(String), '--'];
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
