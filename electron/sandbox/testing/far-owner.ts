import { AppError } from '#shared/errors/app-error.ts';
import { makeBusyboxImage } from './busybox-image.ts';

/** Prints, as JSON, the error of a layer whose owner no user range of 65536 ids holds. */
const image = await makeBusyboxImage();
await image.addEntries([{ path: 'far', uid: 70_000, gid: 70_000 }]);
try {
  await image.run('true');
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
} finally {
  await image.remove();
}
