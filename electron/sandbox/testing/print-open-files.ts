import { makeBusyboxImage } from './busybox-image.ts';

/** A process of its own that runs two steps and prints which files each of them has open. */
const image = await makeBusyboxImage();
for (const user of ['', 'app']) {
  const { out } = await image.run('ls /proc/$$/fd; :', { user });
  process.stdout.write(`${out.split('\n').join(' ')}\n`);
}
await image.remove();
