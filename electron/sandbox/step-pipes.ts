import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StepRequest } from './step-request.ts';

const openFile = promisify(open);

/** The reading ends of a step's two named pipes. */
export interface StepPipes {
  /** Resolves when everything that was written has been handed over. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Opens the pipes `out` and `err` of a scratch folder before anyone writes to them. A chunk is handed over as
 * it comes; its memory belongs to the listener.
 */
export async function openStepPipes(scratch: string, onOutput: StepRequest['onOutput']): Promise<StepPipes> {
  const sockets = await Promise.all([openPipe(join(scratch, 'out')), openPipe(join(scratch, 'err'))]);
  const [out, err] = sockets;
  out.on('data', (chunk) => holdUp(out, onOutput(chunk, 'stdout')));
  err.on('data', (chunk) => holdUp(err, onOutput(chunk, 'stderr')));
  const ended = Promise.all(sockets.map(closeOf)).then(() => undefined);
  return {
    ended,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Reads no more until the listener is ready; the command then waits at its full pipe. */
function holdUp(pipe: Socket, ready: void | Promise<void>): void {
  if (ready === undefined) return;
  pipe.pause();
  ready.finally(() => pipe.resume()).catch(() => undefined);
}

/** Without O_NONBLOCK the open would wait for a writer. */
async function openPipe(path: string): Promise<Socket> {
  const fd = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.once('error', () => resolve());
  });
}
