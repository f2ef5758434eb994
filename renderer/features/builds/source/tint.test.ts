import { expect, it } from 'vitest';
import { type LinePlace, tintLine } from './tint.ts';

const shown = (line: string, place: LinePlace): string =>
  tintLine(line, place)
    .filter((token) => token.kind !== 'text')
    .map((token) => `${token.kind}(${token.text})`)
    .join(' ');

it.each([
  ['FROM node:20-slim AS build', 'head', 'keyword(FROM) operator(AS)'],
  ['from scratch', 'head', 'keyword(from)'],
  ['  RUN npm ci --omit=dev && ls \\', 'head', 'keyword(RUN) flag(--omit) operator(&&) operator(\\)'],
  ['COPY --from=build --chown=a:b . .', 'head', 'keyword(COPY) flag(--from) flag(--chown)'],
  ['# RUN nothing', 'outside', 'comment(# RUN nothing)'],
  ['  # inside', 'rest', 'comment(  # inside)'],
  ['CMD ["node", "a.js"]', 'head', 'keyword(CMD) string("node") string("a.js")'],
  [`ENV A="x $B" C=\${D:-e} F=$G`, 'head', `keyword(ENV) string("x $B") variable(\${D:-e}) variable($G)`],
  ['RUN <<EOF', 'head', 'keyword(RUN) operator(<<EOF)'],
  ['    apt-get install "never closed', 'rest', 'string("never closed)'],
  ['', 'outside', ''],
  ['ARG A=1', 'outside', 'keyword(ARG)'],
  ['COPYRIGHT 2026', 'outside', ''],
] as const)('tints %j', (line, place, expected) => {
  expect(shown(line, place)).toBe(expected);
});

it.each(['RUN a  &&\tb "c\\"d" $E', '  COPY . .', '123 ??', '\t'])('loses no character of %j', (line) => {
  for (const place of ['head', 'rest', 'outside'] as const)
    expect(
      tintLine(line, place)
        .map((token) => token.text)
        .join(''),
    ).toBe(line);
});
