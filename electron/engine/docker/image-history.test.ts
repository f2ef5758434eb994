import { describe, expect, it } from 'vitest';
import { cleanCreatedBy, readHistory } from './image-history.ts';
import type { WireHistory } from './wire.ts';

const entry = (CreatedBy: string, Size = 0): WireHistory => ({
  Created: 1_795_248_370,
  CreatedBy,
  Comment: '',
  Size,
});

describe('the instruction in a line of history', () => {
  it.each([
    ['RUN /bin/sh -c echo $X; cat /b.txt # buildkit', 'RUN echo $X; cat /b.txt'],
    ['RUN |1 X=1 /bin/sh -c echo $X # buildkit', 'RUN echo $X'],
    ['RUN |2 A=1 B=two words /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY /a.txt /b.txt # buildkit', 'COPY /a.txt /b.txt'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['|1 X=1 /bin/sh -c echo $X', 'RUN echo $X'],
    ['/bin/sh -c #(nop)  CMD ["/bin/sh"]', 'CMD ["/bin/sh"]'],
    ['/bin/sh -c #(nop) COPY file:c56e in /b.txt ', 'COPY file:c56e in /b.txt'],
    ['RUN /bin/bash -o pipefail -c a | b # buildkit', 'RUN /bin/bash -o pipefail -c a | b'],
    ['LABEL x=y', 'LABEL x=y'],
    ['', ''],
  ])('%j', (createdBy, expected) => {
    expect(cleanCreatedBy(createdBy)).toBe(expected);
  });
});

describe('which lines of history made the layers', () => {
  it.each([
    [
      'those with bytes',
      ['CMD ["sh"]', 'LABEL a=b'],
      [entry('CMD ["sh"]'), entry('COPY a /', 5), entry('LABEL a=b'), entry('ADD x /', 100)],
      [0, null, 1, null],
      2,
    ],
    [
      "an empty RUN of BuildKit's, by its instruction",
      [],
      [
        entry('CMD ["sh"]'),
        entry('RUN /bin/sh -c true # buildkit'),
        entry('COPY a / # buildkit', 2),
        entry('', 1000),
      ],
      [0, 1, 2, null],
      3,
    ],
    [
      'no empty RUN of the classic builder, which drops such layers',
      [],
      [
        entry('/bin/sh -c #(nop)  CMD ["sh"]'),
        entry('/bin/sh -c true'),
        entry('/bin/sh -c #(nop) ADD file:1 in / ', 9),
      ],
      [0, null, null],
      1,
    ],
    ['the import of an empty root', [], [entry('')], [0], 1],
  ])('%s', (_, __, newestFirst, layers, count) => {
    expect(readHistory(newestFirst, count).map(({ layer }) => layer)).toEqual(layers);
  });

  it('gives times in milliseconds, and none where there is none', () => {
    const [line] = readHistory([entry('x')], 0);
    expect(line).toMatchObject({ createdAt: 1_795_248_370_000, comment: null });
    expect(readHistory([{ ...entry('x'), Created: -62_135_596_800 }], 0)[0]?.createdAt).toBeNull();
  });
});
