import { makeBusyboxImage } from './busybox-image.ts';

/**
 * A process of its own that runs a step which never ends, to be killed: prints the image's folder when the
 * step is about to begin. Its argument is what the step's command line holds.
 */
const marker = process.argv[2] ?? '';
const image = await makeBusyboxImage();
await image.run('true');
process.stdout.write(`${image.folder}\n`);
await image.run(`sleep 600 & sleep 600; echo ${marker}`);
