/** Most bytes that are kept: some thousand source files. */
const MOST_BYTES = 16 << 20;

/** Contents of small files that were read for their digests and are likely read again at once, for the layer. */
export class FreshContents {
  readonly #contents = new Map<string, Uint8Array>();
  #bytes = 0;

  /** Keeps a content until it is taken, where there is room. */
  keep(path: string, content: Uint8Array): void {
    if (this.#bytes + content.length > MOST_BYTES || this.#contents.has(path)) return;
    this.#contents.set(path, content);
    this.#bytes += content.length;
  }

  /** The content, once; undefined where it was not kept. */
  take(path: string): Uint8Array | undefined {
    const content = this.#contents.get(path);
    if (content === undefined) return undefined;
    this.#contents.delete(path);
    this.#bytes -= content.length;
    return content;
  }
}
