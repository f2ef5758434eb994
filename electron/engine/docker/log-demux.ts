import { StringDecoder } from 'node:string_decoder';

/** A piece of a container's output. */
export interface LogChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Reads the stream in which an engine interleaves stdout and stderr of a container without a terminal: frames of
 * one byte stream number, three of zero, four of length (big-endian), content. Content is passed on as it comes,
 * so that a frame's length is never a size to keep in memory. Characters may be cut between frames.
 */
export function createLogDemux(): { push(bytes: Buffer): LogChunk[]; end(): LogChunk[] } {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let header = Buffer.alloc(0);
  let stream: LogChunk['stream'] = 'stdout';
  let left = 0;

  const push = (bytes: Buffer): LogChunk[] => {
    const chunks: LogChunk[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      if (left > 0) {
        const content = rest.subarray(0, left);
        left -= content.length;
        rest = rest.subarray(content.length);
        append(chunks, stream, decoders[stream].write(content));
        continue;
      }
      const wanted = HEADER_BYTES - header.length;
      header = Buffer.concat([header, rest.subarray(0, wanted)]);
      rest = rest.subarray(wanted);
      if (header.length < HEADER_BYTES) break;
      stream = header[0] === STDERR ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
    return chunks;
  };

  const end = (): LogChunk[] => {
    const chunks: LogChunk[] = [];
    for (const name of ['stdout', 'stderr'] as const) append(chunks, name, decoders[name].end());
    return chunks;
  };

  return { push, end };
}

/** Reads the output of a container with a terminal, which has one stream and no frames. */
export function createRawLog(): { push(bytes: Buffer): LogChunk[]; end(): LogChunk[] } {
  const decoder = new StringDecoder('utf8');
  const chunk = (text: string): LogChunk[] => (text === '' ? [] : [{ stream: 'stdout', text }]);
  return { push: (bytes) => chunk(decoder.write(bytes)), end: () => chunk(decoder.end()) };
}

function append(chunks: LogChunk[], stream: LogChunk['stream'], text: string): void {
  if (text === '') return;
  const last = chunks.at(-1);
  if (last?.stream === stream) chunks[chunks.length - 1] = { stream, text: last.text + text };
  else chunks.push({ stream, text });
}
