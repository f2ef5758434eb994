import { AppError } from '#shared/errors/app-error.ts';
import { showControls } from '#shared/format/show-controls.ts';

/**
 * Where a command writes: text for people, or one JSON object a line for programs. Names and texts of images are the
 * words of others: in what people read control characters are shown, not sent to the terminal.
 */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with --json. */
  line(text?: string): void;
  /** An object for programs; nothing without --json. */
  event(value: unknown): void;
  /** A line on standard error, for people. */
  note(text: string): void;
  /** What went wrong: both on standard error for people, or as an `error` event. */
  fail(error: AppError): void;
  /** What a program of the user wrote, as it is, without a new line; nothing with --json. */
  raw(text: string): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** The output of one command. */
export function createOutput(json: boolean, { stdout, stderr }: Streams): Output {
  return {
    json,
    line: (text = '') => {
      if (!json) stdout.write(`${showControls(text)}\n`);
    },
    event: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    note: (text) => {
      stderr.write(`${showControls(text)}\n`);
    },
    raw: (text) => {
      if (!json) stdout.write(text);
    },
    fail: ({ code, message, hint, detail }) => {
      if (json)
        stdout.write(`${JSON.stringify({ type: 'error', ok: false, code, message, hint, detail })}\n`);
      const place = detail?.kind === 'source' ? `${detail.path}:${detail.range.line}: ` : '';
      const more = hint === undefined ? '' : `  ${hint}\n`;
      stderr.write(showControls(`strata: ${place}${message}\n${more}`));
    },
  };
}

/** Rows as columns, the first left-aligned; numbers are right-aligned by `right`. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Any thrown thing as an AppError. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', `Something unexpected went wrong: ${message}`, {
    hint: 'This is a fault of Strata. Run again with STRATA_DEBUG=1 to see where.',
    cause: error,
  });
}
