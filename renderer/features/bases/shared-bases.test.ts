import { expect, it } from 'vitest';
import { sampleBase } from '#renderer/testing/sample-base.ts';
import type { BaseUse } from '#shared/contract/bases.ts';
import { sharedBases } from './shared-bases.ts';

const use = (line: number, more: Partial<BaseUse> = {}) => sampleBase({ line, endLine: line, ...more });

it('gives an image once with all its lines, however it is written, and tells other states apart', () => {
  const bases = sharedBases([
    use(1),
    use(4, { reference: 'debian:12', state: 'tagged' }),
    use(7, { written: 'alpine:latest', keyword: 'COPY' }),
    use(9, { state: 'pinned', reference: 'alpine:latest@sha256:b' }),
    use(11, { written: '$BASE', reference: null, state: 'unknown' }),
    use(12, { written: '$BASE', reference: null, state: 'unknown' }),
  ]);
  expect(bases.map(({ uses }) => uses.map(({ line }) => line))).toEqual([[1, 7], [4], [9], [11, 12]]);
});
