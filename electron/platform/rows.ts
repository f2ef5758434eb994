/** A row's number is that of its part, and behind it so many bits of its place in there. */
const SHIFT = 8;
const ROWS = 1 << SHIFT;
const MASK = ROWS - 1;
const HASH_BYTES = 32;

/**
 * A table of numbers that grows at its end: a fraction of the memory that an object a row takes, and nothing that the
 * garbage collector must visit. What was never set is 0.
 */
export class NumberRows {
  readonly #columns: number;
  readonly #parts: Float64Array[] = [];

  constructor(columns: number) {
    this.#columns = columns;
  }

  get(row: number, column: number): number {
    return this.#parts[row >>> SHIFT]?.[(row & MASK) * this.#columns + column] ?? 0;
  }

  /** Sets one number of a row that is there. */
  set(row: number, column: number, value: number): void {
    const part = this.#parts[row >>> SHIFT];
    if (part !== undefined) part[(row & MASK) * this.#columns + column] = value;
  }

  /** Sets all columns of a row, which is there already or the next one. */
  setRow(row: number, ...values: readonly number[]): void {
    const at = row >>> SHIFT;
    this.#parts[at] ??= new Float64Array(ROWS * this.#columns);
    this.#parts[at].set(values, (row & MASK) * this.#columns);
  }
}

/** A column of sha256 digests, each in 32 bytes, that grows at its end. */
export class HashRows {
  readonly #parts: Buffer[] = [];

  /** In hex; of a row that was set. */
  get(row: number): string {
    const start = (row & MASK) * HASH_BYTES;
    return this.#parts[row >>> SHIFT]?.toString('hex', start, start + HASH_BYTES) ?? '';
  }

  set(row: number, hex: string): void {
    const at = row >>> SHIFT;
    this.#parts[at] ??= Buffer.alloc(ROWS * HASH_BYTES);
    this.#parts[at].write(hex, (row & MASK) * HASH_BYTES, 'hex');
  }
}
