/** `source` in pieces of at least `size` bytes, but for the last: thousands of small writes become a few. */
export async function* gatherChunks(
  source: AsyncIterable<Uint8Array>,
  size = 256 * 1024,
): AsyncGenerator<Uint8Array, void, void> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    yield chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
    chunks = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(chunks, length);
}
