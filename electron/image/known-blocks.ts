/** Where a block of a layer's tar lies in its blob, as a gzip member of its own. */
export interface WrittenBlock {
  /** Names what the block holds; see `EntryGroup.key`. */
  readonly key: string;
  /** First byte in the blob. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** Blocks of layers that were written before. */
export interface KnownBlocks {
  /** The gzip member that holds the block; null where it is not known, or not there any more. */
  find(key: string): Promise<Buffer | null> | null;
}
