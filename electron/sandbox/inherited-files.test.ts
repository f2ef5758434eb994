import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasBusybox } from './testing/busybox-image.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('testing/print-open-files.ts', import.meta.url));
/** Leaves files open as a shell, a build server or an editor may, then becomes the program. */
const LEAVE_OPEN = 'exec 9</etc/passwd 14</etc/passwd 30</etc/passwd 63</etc/group 251>/dev/null; exec "$@"';

describe.skipIf(!hasBusybox)('files that were left open (needs Linux, bash and busybox-static)', () => {
  it('do not reach a step, whatever their numbers are', async () => {
    const program = [process.execPath, '--import', 'tsx', PROGRAM];
    const { stdout } = await run('bash', ['-c', LEAVE_OPEN, 'bash', ...program]);
    expect(stdout).toBe('0 1 2 \n0 1 2 \nit runs\n');
  });
});
