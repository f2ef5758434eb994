import type { LogLine } from './log-parser.ts';

/**
 * Lines that are placed and measured together. Each height that turns out other than it was thought has all places
 * behind it counted anew: with blocks there are few of them, also in a log of a hundred thousand lines.
 */
export const BLOCK_LINES = 20;

/** Height of a line in pixels while it is not wrapped; the style sheet says the same. */
const LINE_HEIGHT = 18;

/**
 * About how high block `index` of the lines is, in pixels. `letters`: that fit beside each other where lines are wrapped,
 * null where they are not. Near enough that the bar beside a long log stays in its place.
 */
export function blockHeight(lines: readonly LogLine[], index: number, letters: number | null): number {
  const from = index * BLOCK_LINES;
  const until = Math.min(from + BLOCK_LINES, lines.length);
  if (letters === null) return (until - from) * LINE_HEIGHT;
  let rows = 0;
  for (let at = from; at < until; at += 1)
    rows += Math.max(1, Math.ceil((lines[at]?.text.length ?? 0) / letters));
  return rows * LINE_HEIGHT;
}
