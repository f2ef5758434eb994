/** A digest for a line of text: "sha256:9c1f…e07a"; what is short enough already stays. */
export function shortenDigest(digest: string): string {
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  if (hex.length <= 12) return digest;
  return `${digest.slice(0, colon + 1)}${hex.slice(0, 4)}…${hex.slice(-4)}`;
}

/**
 * The command of a layer as a person wrote it: without the shell in front, BuildKit's comment behind, `#(nop)`,
 * and with runs of white space made one.
 */
export function shortenCommand(createdBy: string): string {
  return createdBy
    .replace(/\s+# buildkit\s*$/, '')
    .replace(/^(RUN )?\|\d+\s+(?:\S+=\S*\s+)*/, '$1')
    .replace(/^(RUN )?\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/^(RUN )?\/bin\/(?:ba)?sh -(?:e?c|eo pipefail -c) /, 'RUN ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A text in one line of at most so many letters, the last of them an ellipsis where it goes on. */
export function shortenText(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
