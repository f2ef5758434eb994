/** A typed whole number of a range; null for an empty field, a sentence for what is none. */
export function parseWhole(text: string, [least, most]: readonly [number, number]): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return value >= least && value <= most ? value : `Write a whole number from ${least} to ${most}.`;
}
