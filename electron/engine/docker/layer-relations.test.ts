import { expect, it } from 'vitest';
import { relateLayers } from './layer-relations.ts';

const stack = (id: string, diffIds: string, sizes: number[]) => ({ id, diffIds: [...diffIds], sizes });

it('tells base, shared and unique layers', () => {
  const relations = relateLayers([
    stack('base', 'ab', [100, 10]),
    stack('app', 'abc', [100, 10, 1]),
    stack('other', 'abd', [100, 10, 2]),
    stack('alone', 'cb', [1, 10]),
  ]);
  expect(relations.get('base')).toEqual({
    baseLayers: 0,
    base: null,
    uniqueSize: 0,
    sharedWith: [
      ['app', 'other'],
      ['app', 'other'],
    ],
  });
  expect(relations.get('app')).toEqual({
    baseLayers: 2,
    base: 'base',
    uniqueSize: 1,
    sharedWith: [['base', 'other'], ['base', 'other'], []],
  });
  // The same diffID on other layers below is another layer.
  expect(relations.get('alone')).toEqual({ baseLayers: 0, base: null, uniqueSize: 11, sharedWith: [[], []] });
});

it('takes images of the same layers for neither the base of the other', () => {
  const relations = relateLayers([stack('one', 'ab', [1, 1]), stack('two', 'ab', [1, 1])]);
  expect(relations.get('one')).toMatchObject({ baseLayers: 0, uniqueSize: 0 });
});
