/** How a run of terminal text looks. A colour is an index from 0 to 15 of the theme's palette, or `#rrggbb`. */
export interface TextStyle {
  readonly color: number | string | null;
  readonly background: number | string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** Text as it is written without any colour. */
export const PLAIN_STYLE: TextStyle = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

type Change = (style: TextStyle) => TextStyle;

/** The "select graphic rendition" codes without arguments (ECMA-48, 8.3.117). */
const CODES: ReadonlyMap<number, Change> = new Map<number, Change>([
  [0, () => PLAIN_STYLE],
  [1, (style) => ({ ...style, bold: true })],
  [2, (style) => ({ ...style, dim: true })],
  [3, (style) => ({ ...style, italic: true })],
  [4, (style) => ({ ...style, underline: true })],
  [7, (style) => ({ ...style, inverse: true })],
  [22, (style) => ({ ...style, bold: false, dim: false })],
  [23, (style) => ({ ...style, italic: false })],
  [24, (style) => ({ ...style, underline: false })],
  [27, (style) => ({ ...style, inverse: false })],
  [39, (style) => ({ ...style, color: null })],
  [49, (style) => ({ ...style, background: null })],
]);

/** The style after the parameters of one `ESC [ … m`, such as `1;38;5;208`. What is not known changes nothing. */
export function applySgr(style: TextStyle, parameters: string): TextStyle {
  const codes = parameters.split(/[;:]/).map((text) => (text === '' ? 0 : Number(text)));
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const extended = extendedColor(codes, at + 1);
      at = extended.last;
      if (extended.color !== null) next = withColor(next, code === 48, extended.color);
      continue;
    }
    const change = CODES.get(code);
    const index = paletteIndex(code);
    if (change !== undefined) next = change(next);
    else if (index !== null) next = withColor(next, code % 60 >= 40, index);
  }
  return isPlain(next) ? PLAIN_STYLE : next;
}

function withColor(style: TextStyle, background: boolean, color: number | string): TextStyle {
  return background ? { ...style, background: color } : { ...style, color };
}

/** 30–37 and 40–47 are the eight colours, 90–97 and 100–107 their bright forms. */
function paletteIndex(code: number): number | null {
  if ((code >= 30 && code <= 37) || (code >= 40 && code <= 47)) return code % 10;
  if ((code >= 90 && code <= 97) || (code >= 100 && code <= 107)) return (code % 10) + 8;
  return null;
}

/** Reads `5;n` or `2;r;g;b` from `start`; `last` is the position of the last code it used. */
function extendedColor(
  codes: readonly number[],
  start: number,
): { readonly color: number | string | null; readonly last: number } {
  const byte = (at: number): number => Math.min(255, Math.max(0, codes[at] ?? 0));
  if (codes[start] === 5) return { color: indexedColor(byte(start + 1)), last: start + 1 };
  if (codes[start] === 2)
    return { color: hex(byte(start + 1), byte(start + 2), byte(start + 3)), last: start + 3 };
  return { color: null, last: start };
}

/** The 256-colour table of xterm: 16 of the palette, a cube of 6 × 6 × 6, 24 greys. */
function indexedColor(index: number): number | string {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const level = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function hex(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function isPlain(style: TextStyle): boolean {
  return (
    style.color === null &&
    style.background === null &&
    !(style.bold || style.dim || style.italic || style.underline || style.inverse)
  );
}
