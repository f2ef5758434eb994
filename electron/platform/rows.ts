const ROWS = 256;
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
    return this.#parts[Math.floor(row / ROWS)]?.[(row % ROWS) * this.#columns + column] ?? 0;
  }

  /** Sets one number of a row that is there. */
  set(row: number, column: number, value: number): void {
    const part = this.#parts[Math.floor(row / ROWS)];
    if (part !== undefined) part[(row % ROWS) * this.#columns + column] = value;
  }

  /** Sets all columns of a row, which is there already or the next one. */
  setRow(row: number, ...values: readonly number[]): void {
    const at = Math.floor(row / ROWS);
    this.#parts[at] ??= new Float64Array(ROWS * this.#columns);
    this.#parts[at].set(values, (row % ROWS) * this.#columns);
  }
}

/** A column of sha256 digests, each in 32 bytes, that grows at its end. */
export class HashRows {
  readonly #parts: Buffer[] = [];

  /** In hex; of a row that was set. */
  get(row: number): string {
    const start = (row % ROWS) * HASH_BYTES;
    return this.#parts[Math.floor(row / ROWS)]?.toString('hex', start, start + HASH_BYTES) ?? '';
  }

  set(row: number, hex: string): void {
    const at = Math.floor(row / ROWS);
    this.#parts[at] ??= Buffer.alloc(ROWS * HASH_BYTES);
    this.#parts[at].write(hex, (row % ROWS) * HASH_BYTES, 'hex');
  }
}
