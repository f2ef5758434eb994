import type { CaseReport, Report } from './report.ts';

/** One panel: what grows, and the cases that are drawn over it. */
interface Panel {
  readonly title: string;
  readonly section: string;
  readonly cases: readonly string[];
}

const PANELS: readonly Panel[] = [
  { title: 'files in the context', section: 'files', cases: ['cold', 'unchanged'] },
  { title: 'layers of the image', section: 'layers', cases: ['cold', 'unchanged'] },
  {
    title: 'images in the store',
    section: 'images',
    cases: ['strata images', 'strata tag', 'unchanged build'],
  },
];
const COLORS = ['a', 'b', 'c'];
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [320, 200, 52, 44, 30];
const RIGHT = 30;
const LEGEND = 46;

const STYLE = `
  text { font: 11px system-ui, sans-serif; fill: #4a5160 }
  .title { font-size: 13px; font-weight: 600; fill: #1b1f27 }
  .grid { stroke: #d9dde5 } .line { fill: none; stroke-width: 2 } .peer { stroke-dasharray: 4 3 }
  .a { stroke: #2f6fed } .b { stroke: #12926b } .c { stroke: #c2571a }
  circle.a { fill: #2f6fed } circle.b { fill: #12926b } circle.c { fill: #c2571a }
  @media (prefers-color-scheme: dark) {
    text { fill: #a9b1c0 } .title { fill: #eef1f6 } .grid { stroke: #343b48 }
    .a { stroke: #7aa5ff } .b { stroke: #45c79a } .c { stroke: #f0935a }
    circle.a { fill: #7aa5ff } circle.b { fill: #45c79a } circle.c { fill: #f0935a }
  }`;

/** Time and memory over what grows, on logarithmic axes, as an SVG that suits light and dark pages. */
export function drawGrowth(report: Report): string {
  const panels = PANELS.map((panel) => ({
    ...panel,
    found: report.cases.filter(
      ({ section, name }) => section === panel.section && panel.cases.includes(name),
    ),
  })).filter(({ found }) => found.length > 0);
  const height = 2 * (HEIGHT + LEGEND);
  const drawn = panels.flatMap((panel, column) => [
    at(
      column * WIDTH,
      0,
      drawPanel(panel, 'seconds', ({ ms }) => ms / 1000),
    ),
    at(
      column * WIDTH,
      HEIGHT + LEGEND,
      drawPanel(panel, 'memory in MB', ({ peakBytes }) => peakBytes / 1e6),
    ),
  ]);
  const size = `width="${panels.length * WIDTH}" height="${height}" viewBox="0 0 ${panels.length * WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Time and memory as things grow"><style>${STYLE}\n</style>\n${drawn.join('\n')}\n</svg>\n`;
}

type Measure = (of: { readonly ms: number; readonly peakBytes: number }) => number;
type DrawnPanel = Panel & { readonly found: readonly CaseReport[] };

function drawPanel(panel: DrawnPanel, unit: string, measureOf: Measure): string {
  const lines = linesOf(panel, measureOf);
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const x = scale(Math.min(...xs), Math.max(...xs), LEFT, WIDTH - RIGHT);
  const [low, high] = [decade(Math.min(...ys), Math.floor), decade(Math.max(...ys), Math.ceil)];
  const y = scale(low, high, HEIGHT - BOTTOM, TOP);
  const parts = [`<text class="title" x="12" y="18">${unit}, by ${panel.title}</text>`];
  for (let tick = low; tick <= high * 1.001; tick *= 10)
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/>`,
      `<text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${Number(tick.toPrecision(1)).toLocaleString('en')}</text>`,
    );
  for (const tick of new Set(xs))
    parts.push(
      `<text x="${x(tick)}" y="${HEIGHT - 12}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    );
  lines.forEach(({ name, color, isPeer, points }, index) => {
    const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
    parts.push(`<polyline class="line ${color}${isPeer ? ' peer' : ''}" points="${path}"/>`);
    if (!isPeer)
      parts.push(...points.map(([px, py]) => `<circle class="${color}" cx="${x(px)}" cy="${y(py)}" r="3"/>`));
    const [left, top] = [LEFT + (index % 2) * 130, HEIGHT + 8 + Math.floor(index / 2) * 16];
    parts.push(
      `<line class="line ${color}${isPeer ? ' peer' : ''}" x1="${left}" x2="${left + 18}" y1="${top - 4}" y2="${top - 4}"/>`,
      `<text x="${left + 24}" y="${top}">${name}</text>`,
    );
  });
  return parts.join('\n');
}

interface Line {
  readonly name: string;
  readonly color: string;
  readonly isPeer: boolean;
  readonly points: readonly (readonly [number, number])[];
}

function linesOf({ cases, found }: DrawnPanel, measureOf: Measure): Line[] {
  const contenders = [...new Set(found.flatMap(({ contenders }) => contenders.map(({ name }) => name)))];
  return cases.flatMap((name, index) =>
    contenders.map((contender) => ({
      name: contenders.length > 1 ? `${contender}, ${name}` : name,
      color: COLORS[index % COLORS.length] ?? 'a',
      isPeer: contender !== 'strata',
      points: found
        .filter((each) => each.name === name)
        .flatMap(({ at: size = 0, contenders: all }) => {
          const measured = all.find((each) => each.name === contender);
          return measured === undefined ? [] : [[size, measureOf(measured)] as const];
        })
        .sort(([a], [b]) => a - b),
    })),
  );
}

/** A logarithmic scale. */
function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  const span = Math.log(high / low) || 1;
  return (value) => Math.round((from + (Math.log(value / low) / span) * (to - from)) * 10) / 10;
}

function decade(value: number, round: (value: number) => number): number {
  return 10 ** round(Math.log10(Math.max(value, 1e-3)));
}

function at(x: number, y: number, content: string): string {
  return `<g transform="translate(${x} ${y})">\n${content}\n</g>`;
}
