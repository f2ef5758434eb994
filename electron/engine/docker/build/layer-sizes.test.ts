import { expect, it } from 'vitest';
import type { HistoryLine } from '../image-history.ts';
import { planForEngine } from './engine-plan.ts';
import { sizesOfSteps } from './layer-sizes.ts';

const line = (createdBy: string, size = 0, layer: number | null = null): HistoryLine => ({
  createdBy,
  size,
  layer,
  createdAt: null,
  comment: null,
});

it('finds the size of each step of the target and of the stages below it in the history', () => {
  const planned = planForEngine(
    'FROM base AS one\nRUN make\nFROM other AS two\nRUN skip\nFROM one\nENV A=1\nCOPY a /\nWORKDIR /there\nRUN last\nCMD x\n',
    'Dockerfile',
    { buildArgs: {}, platform: undefined, target: undefined },
    { os: 'linux', architecture: 'amd64' },
  );
  const history = [
    line('ADD file:1 in /', 1000, 0),
    line('CMD ["sh"]'),
    line('RUN make', 10, 1),
    line('ENV A=1'),
    line('COPY a / ', 20, 2),
    line('WORKDIR /there', 0, null),
    line('RUN last', 30, 3),
    line('CMD ["x"]'),
  ];
  const sizes = [...sizesOfSteps(planned, history)].map(([index, size]) => [
    planned.plan.steps[index]?.display,
    size,
  ]);
  expect(sizes.sort()).toEqual([
    ['COPY a /', 20],
    ['RUN last', 30],
    ['RUN make', 10],
  ]);
});
