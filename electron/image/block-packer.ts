/**
 * Gathers bytes into blocks of one fixed size, so that thousands of small writes become a few large ones.
 * Blocks are fresh memory: whoever gets one may keep it.
 */
export class BlockPacker {
  private block: Buffer | null = null;
  private used = 0;

  constructor(
    private readonly size: number,
    private readonly onBlock: (block: Buffer) => Promise<void>,
  ) {}

  /** Adds bytes; a promise only when a block became full and must be waited for. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    if (this.used + bytes.length >= this.size) return this.addSlowly(bytes);
    this.append(bytes);
    return undefined;
  }

  /** Hands over the last, partial block. */
  async flush(): Promise<void> {
    if (this.block === null || this.used === 0) return;
    const last = this.block.subarray(0, this.used);
    this.block = null;
    this.used = 0;
    await this.onBlock(last);
  }

  private async addSlowly(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + this.size - this.used);
      this.append(bytes.subarray(at, end));
      at = end;
      if (this.used === this.size) await this.flush();
    }
  }

  private append(bytes: Uint8Array): void {
    this.block ??= Buffer.allocUnsafeSlow(this.size);
    this.block.set(bytes, this.used);
    this.used += bytes.length;
  }
}
