import type { Socket } from 'node:net';
import { CANCEL, encodeFrame, FRAME } from './frames.ts';

/** Bytes that may wait for a terminal before the build's output is held up. */
const WAITING_BYTES = 1024 * 1024;
/** A request holds an environment and a command line, which systems limit to less. */
const MOST_REQUEST_BYTES = 8 * 1024 * 1024;
/** Who connects and says nothing is let go. */
const REQUEST_MS = 5_000;

/** One terminal at the host's socket. */
export class TerminalConnection {
  readonly #socket: Socket;
  readonly #gone = new AbortController();
  #waiting: Buffer[] = [];
  #hasAsked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // `close` follows, and says all there is to know.
    socket.on('error', () => undefined);
    for (const end of ['end', 'close']) socket.once(end, () => this.#gone.abort());
  }

  /** Aborts when the terminal cancels or goes away. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** The first line; null when the terminal says anything else than one line in time. Then it may only cancel. */
  readRequest(): Promise<string | null> {
    const socket = this.#socket;
    const parts: Buffer[] = [];
    let length = 0;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), REQUEST_MS);
      timer.unref();
      const finish = (line: string | null): void => {
        clearTimeout(timer);
        socket.off('data', read);
        resolve(line);
      };
      const read = (bytes: Buffer): void => {
        parts.push(bytes);
        length += bytes.length;
        const end = bytes.indexOf('\n');
        if (end < 0) {
          if (length > MOST_REQUEST_BYTES) finish(null);
          return;
        }
        const all = Buffer.concat(parts);
        const line = all.subarray(0, length - bytes.length + end);
        this.#hasAsked = true;
        finish(line.toString());
        this.#listen(all.subarray(line.length + 1));
      };
      socket.on('data', read);
      socket.once('close', () => finish(null));
    });
  }

  /** From now on one byte cancels, and whoever says anything else is no terminal of ours. */
  #listen(rest: Buffer): void {
    const hear = (bytes: Buffer): void => {
      if (bytes.length === 0) return;
      this.#gone.abort();
      if (bytes.some((byte) => byte !== CANCEL)) this.#socket.destroy();
    };
    this.#socket.on('data', hear);
    hear(rest);
  }

  /** Sends a frame; frames of one turn of the event loop go out together. */
  send(kind: number, text: string): void {
    if (this.#socket.destroyed) return;
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    this.#waiting.push(encodeFrame(kind, text));
  }

  #flush(): void {
    const frames = this.#waiting;
    this.#waiting = [];
    if (frames.length > 0)
      this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }

  /** Kept when the terminal has read enough of what was sent, or is gone; undefined when it has. */
  room(): Promise<void> | undefined {
    this.#flush();
    const socket = this.#socket;
    if (socket.writableLength < WAITING_BYTES || socket.destroyed) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
    });
  }

  /** Tells the exit code; resolves when the terminal has everything or is gone. */
  end(exitCode: number): Promise<void> {
    return this.#finish(FRAME.ended, String(exitCode));
  }

  /** Leaves the build to the terminal; `why` holds names, no values. */
  decline(why: string): Promise<void> {
    return this.#finish(FRAME.declined, why);
  }

  async #finish(kind: number, text: string): Promise<void> {
    if (this.#socket.destroyed) return;
    this.send(kind, text);
    this.#flush();
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end();
    });
  }

  /** Cancels what is done for the terminal, as if it had asked for that; one that asked for nothing yet is let go. */
  cancel(): void {
    this.#gone.abort();
    if (!this.#hasAsked) this.close();
  }

  close(): void {
    this.#socket.destroy();
  }
}
