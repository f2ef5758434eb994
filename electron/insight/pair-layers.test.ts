import { describe, expect, it } from 'vitest';
import { pairItems } from './pair-layers.ts';

/** `a:RUN x` is the item `a`, made by `RUN x`. */
function items(...texts: string[]) {
  return texts.map((text) => {
    const [identity = '', createdBy = ''] = text.split(':');
    return { identity, createdBy };
  });
}

describe('pairItems', () => {
  it.each([
    ['equal lists', ['a:RUN x', 'b:COPY y'], ['a:RUN x', 'b:COPY y'], ['0=0', '1=1']],
    ['a changed layer', ['a:RUN x', 'b:COPY y'], ['a:RUN x', 'c:COPY y'], ['0=0', '1~1']],
    [
      'another argument',
      ['a:F', 'b:RUN ci', 'c:COPY .'],
      ['a:F', 'd:RUN ci --prod', 'e:COPY .'],
      ['0=0', '1~1', '2~2'],
    ],
    ['an added layer below', ['a:F', 'b:RUN x'], ['a:F', 'n:COPY n', 'b:RUN x'], ['0=0', '_~1', '1=2']],
    ['a removed layer', ['a:F', 'b:RUN x', 'c:RUN y'], ['a:F', 'c:RUN y'], ['0=0', '1~_', '2=1']],
    ['nothing in common', ['a:RUN x'], ['b:COPY y'], ['0~_', '_~0']],
    ['an empty image', [], ['b:COPY y'], ['_~0']],
  ])('puts side by side: %s', (_, before, after, expected) => {
    const pairs = pairItems(items(...before), items(...after));
    expect(pairs.map((pair) => `${pair.before ?? '_'}${pair.same ? '=' : '~'}${pair.after ?? '_'}`)).toEqual(
      expected,
    );
  });
});
