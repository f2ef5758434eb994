import type { Digest } from '#shared/oci/digest.ts';

/** Where a word stands, as {@link ExternalImage} tells it. */
export interface ImageWord {
  readonly keyword: 'FROM' | 'COPY' | 'RUN';
  readonly line: number;
  readonly endLine: number;
  readonly written: string;
}

/** A text with one line changed. */
export interface ChangedText {
  readonly text: string;
  /** Number of the line that changed, from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/**
 * The text with the image word of an instruction pinned to a digest: `alpine` becomes `alpine:latest@sha256:…`, and a
 * digest that was there is replaced. Line endings and all else stay. Null where the word does not stand there as it is
 * written: it holds a variable or quotes.
 */
export function pinImage(text: string, word: ImageWord, digest: Digest): ChangedText | null {
  if (/[$'"\\]/.test(word.written)) return null;
  const lines = text.split('\n');
  for (let line = word.line; line <= word.endLine; line += 1) {
    const raw = lines[line - 1] ?? '';
    const at = findWord(raw, word);
    if (at < 0) continue;
    const changed = raw.slice(0, at) + pinnedName(word.written, digest) + raw.slice(at + word.written.length);
    lines[line - 1] = changed;
    return { text: lines.join('\n'), line, before: withoutReturn(raw), after: withoutReturn(changed) };
  }
  return null;
}

function pinnedName(written: string, digest: Digest): string {
  const name = written.split('@')[0] ?? written;
  const isTagged = name.lastIndexOf(':') > name.lastIndexOf('/');
  return `${name}${isTagged ? '' : ':latest'}@${digest}`;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** What stands before and behind an image in each instruction; a comment line between holds none. */
const AROUND = {
  FROM: [/(?:^|\s)$/, /^(?:\s|$)/],
  COPY: [/--from=$/, /^(?:\s|$)/],
  RUN: [/[=,]from=$/, /^(?:[,\s]|$)/],
} as const;

function findWord(line: string, { keyword, written }: ImageWord): number {
  if (/^\s*#/.test(line)) return -1;
  const [before, behind] = AROUND[keyword];
  for (let at = line.indexOf(written); at >= 0; at = line.indexOf(written, at + 1)) {
    if (before.test(line.slice(0, at)) && behind.test(line.slice(at + written.length))) return at;
  }
  return -1;
}
