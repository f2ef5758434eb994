const LONGEST = 60;

/** An instruction for the middle of a sentence. */
export function shortenSource(source: string): string {
  return source.length <= LONGEST ? source : `${source.slice(0, LONGEST - 1).trimEnd()}…`;
}
