import { spawnSync } from 'node:child_process';
import { findHostTools } from '../host-tools.ts';
import { closeInherited } from '../inherited-files.ts';
import { makeBusyboxImage } from './busybox-image.ts';

/** A process of its own that runs two steps and prints which files each of them has open. */
const image = await makeBusyboxImage();
for (const user of ['', 'app']) {
  const { out } = await image.run('ls /proc/$$/fd; :', { user });
  process.stdout.write(`${out.split('\n').join(' ')}\n`);
}
await image.remove();

// Without bash: whatever the system's sh can do, the command runs.
const { tools } = findHostTools();
if (tools === null) throw new Error('Programs of the sandbox are missing.');
const [program = '', ...args] = [...closeInherited({ ...tools, bash: undefined }), '/bin/echo', 'it runs'];
process.stdout.write(spawnSync(program, args).stdout);
