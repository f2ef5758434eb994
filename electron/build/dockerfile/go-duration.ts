const UNIT_NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Nanoseconds of a duration as Go writes it (`1m30s`, `1.5h`, `0`), or null when it is none. */
export function parseGoDuration(text: string): number | null {
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0;
  if (body === '') return null;
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < body.length) {
    const match = PART.exec(body);
    if (match === null) return null;
    total += Number(match[1]) * (UNIT_NANOSECONDS[match[2] ?? ''] ?? Number.NaN);
  }
  const rounded = Math.round(total);
  return negative ? 0 - rounded : rounded;
}
