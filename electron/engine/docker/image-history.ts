import type { WireHistory } from './wire.ts';

/** One line of an image's history with the layer it made. */
export interface HistoryLine {
  readonly createdBy: string;
  /** Milliseconds since the epoch, null when the image does not say. */
  readonly createdAt: number | null;
  readonly comment: string | null;
  /** Index of its layer, oldest is 0; null for a metadata step. */
  readonly layer: number | null;
  readonly size: number;
}

/**
 * The history, oldest first, with each line's layer. The API does not say which lines made a layer: those with
 * bytes did; of the others as many as are missing to `layerCount`, the likeliest by their instruction first.
 */
export function readHistory(wire: readonly WireHistory[], layerCount: number): HistoryLine[] {
  const lines = [...wire].reverse();
  const makers = pickLayerMakers(lines, layerCount);
  let layer = 0;
  return lines.map((line, index) => ({
    createdBy: cleanCreatedBy(line.CreatedBy),
    createdAt: line.Created > 0 ? line.Created * 1000 : null,
    comment: line.Comment === '' ? null : line.Comment,
    layer: makers.has(index) ? layer++ : null,
    size: Math.max(0, line.Size),
  }));
}

function pickLayerMakers(lines: readonly WireHistory[], layerCount: number): Set<number> {
  const withBytes = lines.flatMap((line, index) => (line.Size > 0 ? [index] : []));
  const empty = lines.flatMap((line, index) =>
    line.Size > 0 ? [] : [{ index, likelihood: layerLikelihood(line.CreatedBy) }],
  );
  const missing = Math.max(0, layerCount - withBytes.length);
  const likeliest = [...empty].sort((a, b) => b.likelihood - a.likelihood || a.index - b.index);
  return new Set(
    [...withBytes, ...likeliest.slice(0, missing).map(({ index }) => index)].slice(0, layerCount),
  );
}

const METADATA =
  /^(CMD|ENTRYPOINT|ENV|LABEL|EXPOSE|USER|VOLUME|STOPSIGNAL|HEALTHCHECK|SHELL|ARG|ONBUILD|MAINTAINER) /;

/** How likely a line without bytes still made a layer: BuildKit keeps one for every RUN and COPY. */
function layerLikelihood(createdBy: string): number {
  if (/^(RUN|COPY|ADD) /.test(createdBy)) return 4;
  if (/^WORKDIR /.test(createdBy)) return 3;
  if (/#\(nop\)\s+(COPY|ADD|WORKDIR) /.test(createdBy)) return 2;
  if (/#\(nop\)/.test(createdBy)) return 0;
  if (METADATA.test(createdBy)) return 0;
  return createdBy === '' ? 1 : 3;
}

/** The instruction as a Dockerfile has it, out of what builders write into the history. */
export function cleanCreatedBy(createdBy: string): string {
  const text = createdBy.replace(/\s*# buildkit$/, '').trim();
  const metadata = /^\/bin\/sh -c #\(nop\)\s+(.*)$/s.exec(text);
  if (metadata?.[1] !== undefined) return metadata[1].trim();
  const shell = /^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c (.*)$/s.exec(text);
  if (shell?.[1] !== undefined) return `RUN ${shell[1].trim()}`;
  return text;
}
