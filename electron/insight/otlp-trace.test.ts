import { expect, it } from 'vitest';
import { otlpTrace } from './otlp-trace.ts';
import { record, step } from './testing/records.ts';

const stepList = [
  step('FROM a', { index: 0, stage: 'build', status: 'hit', ms: 2, startedAt: 5, savedMs: 40 }),
  step('RUN make', {
    index: 1,
    stage: 'build',
    line: 2,
    ms: 1500,
    size: 7,
    startedAt: 7,
    layer: 'sha256:1',
    reasons: [{ kind: 'files-changed', detail: 'src/a.ts changed.' }],
  }),
  step('RUN test', { index: 2, stage: 'check', line: 4, status: 'failed', exitCode: 3, startedAt: 9 }),
  step('CMD c', { index: 3, stage: 'idle', status: 'waiting' }),
];

function spansOf(build = record({ stepList, ms: 2000 })) {
  return otlpTrace(build).resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
}

it('a build, its stages and its steps are spans, each below the other', () => {
  const spans = spansOf();
  const nameOf = (id: string) => spans.find(({ spanId }) => spanId === id)?.name ?? '';
  expect(spans.map(({ name, parentSpanId }) => [name, nameOf(parentSpanId)])).toEqual([
    ['Build app', ''],
    ['stage build', 'Build app'],
    ['FROM a', 'stage build'],
    ['RUN make', 'stage build'],
    ['stage check', 'Build app'],
    ['RUN test', 'stage check'],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  for (const { traceId, spanId } of spans) {
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
  }
});

it('times are nanoseconds since 1970, as strings, and a span holds those below it', () => {
  const spans = spansOf();
  const make = spans.find(({ name }) => name === 'RUN make');
  expect([make?.startTimeUnixNano, make?.endTimeUnixNano]).toEqual([
    '1700000000007000000',
    '1700000001507000000',
  ]);
  for (const span of spans) {
    const above = spans.find(({ spanId }) => spanId === span.parentSpanId) ?? span;
    expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(above.startTimeUnixNano));
    expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(above.endTimeUnixNano));
  }
});

it('a step carries its status, line, layer and reasons; a failure is an error with its exit code', () => {
  const spans = spansOf();
  const attributesOf = (name: string) =>
    Object.fromEntries(
      spans.find((span) => span.name === name)?.attributes.map(({ key, value }) => [key, value]) ?? [],
    );
  expect(attributesOf('RUN make')).toMatchObject({
    'strata.status': { stringValue: 'miss' },
    'code.line.number': { intValue: '2' },
    'strata.layer.digest': { stringValue: 'sha256:1' },
    'strata.reasons': { arrayValue: { values: [{ stringValue: 'src/a.ts changed.' }] } },
  });
  expect(attributesOf('FROM a')).toMatchObject({ 'strata.saved_ms': { intValue: '40' } });
  expect(spans.find(({ name }) => name === 'RUN test')?.status).toEqual({
    code: 2,
    message: 'failed, exit code 3',
  });
});

it('a second export of the same build is the same trace', () => {
  expect(spansOf()).toEqual(spansOf());
  expect(spansOf(record({ id: 'two', stepList }))[0]?.traceId).not.toBe(spansOf()[0]?.traceId);
});
