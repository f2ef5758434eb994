import { describe, expect, it } from 'vitest';
import type { BuildStep } from '#shared/contract/builds.ts';
import { reasonsToTell, viewOfBuilt, viewOfPlanned } from './step-state.ts';

const FIRST = { kind: 'no-earlier-build', detail: 'There is no earlier build of this RUN to take it from.' };
const EDITED = { kind: 'instruction-changed', detail: 'The RUN instruction was edited.' };

const step = (more: Partial<BuildStep>): BuildStep => ({
  index: 0,
  stage: '0',
  line: 1,
  endLine: 1,
  instruction: 'RUN x',
  status: 'miss',
  ms: 1,
  size: 0,
  reasons: [],
  ...more,
});

describe('the state of a step', () => {
  it.each([
    ['one that nothing built before', [FIRST], 'built', 'will-build'],
    ['one that was edited', [EDITED], 'miss', 'will-miss'],
    ['one whose base is not known and that nothing built before', [EDITED, FIRST], 'built', 'will-build'],
    ['one of an engine that gives no reasons', [], 'built', 'will-build'],
  ] as const)('tells %s', (_name, reasons, built, planned) => {
    expect(viewOfBuilt(step({ reasons: [...reasons] })).state).toBe(built);
    const plan = { ...step({}), predicted: 'miss' as const, reasons: [...reasons] };
    expect(viewOfPlanned(plan).state).toBe(planned);
  });

  it('of a failed or cancelled step tells no missing earlier build as the reason', () => {
    for (const status of ['failed', 'cancelled'] as const) {
      expect(reasonsToTell(viewOfBuilt(step({ status, reasons: [FIRST] })))).toEqual([]);
      expect(reasonsToTell(viewOfBuilt(step({ status, reasons: [EDITED] })))).toEqual([EDITED]);
    }
    expect(reasonsToTell(viewOfBuilt(step({ reasons: [FIRST] })))).toEqual([FIRST]);
  });
});
