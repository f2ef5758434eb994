import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workshop } from './testing/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await Workshop.open();
});
afterEach(() => shop.close());

const dockerfile = (...lines: string[]) => shop.write({ Dockerfile: lines.join('\n') });
const foreseen = async () => (await shop.predict()).map(({ line, predicted }) => [line, predicted]);

it('a step that will fail is told with its error, those behind it as not known, other stages as they are', async () => {
  await shop.write({ 'a.txt': 'a' });
  await dockerfile(
    'FROM scratch AS one',
    'COPY missing.txt /',
    'ENV A=1',
    'FROM scratch AS two',
    'COPY a.txt /',
    'FROM scratch',
    'COPY --from=two /a.txt /',
    'COPY --from=one /missing.txt /',
    'LABEL a=b',
  );
  expect(await foreseen()).toEqual([
    [1, 'miss'],
    [2, 'fails'],
    [3, 'unknown'],
    [4, 'miss'],
    [5, 'miss'],
    [6, 'miss'],
    [7, 'miss'],
    [8, 'unknown'],
    [9, 'unknown'],
  ]);
  const steps = await shop.predict();
  expect(steps[1]?.error).toMatchObject({ message: expect.stringContaining('missing.txt') });
  expect(steps[2]?.reasons).toEqual([
    { kind: 'not-reached', detail: expect.stringContaining('line 2, COPY missing.txt /, will fail') },
  ]);
  expect(steps[7]?.reasons[0]?.kind).toBe('not-reached');
  await expect(shop.build()).rejects.toMatchObject({ message: steps[1]?.error?.message });
});

it('what is foreseen to fail is not, once it is mended', async () => {
  await dockerfile('FROM scratch', 'COPY late.txt /');
  expect(await foreseen()).toEqual([
    [1, 'miss'],
    [2, 'fails'],
  ]);
  await shop.write({ 'late.txt': 'here' });
  await shop.build();
  expect(await foreseen()).toEqual([
    [1, 'hit'],
    [2, 'hit'],
  ]);
});

it('settings that stand in several places are as new in each, whichever of them comes first', async () => {
  await dockerfile(
    'FROM scratch AS one',
    'ENV A=1',
    'ENV A=1',
    'FROM scratch AS two',
    'ENV A=1',
    'FROM two',
    'COPY --from=one / /one/',
    'COPY --from=two / /two/',
  );
  const predicted = await shop.predict();
  const { steps } = await shop.build();
  const told = steps.slice(0, 5).map(({ line, status, reasons }) => [line, status, reasons]);
  expect(told).toEqual(
    predicted.slice(0, 5).map(({ line, predicted, reasons }) => [line, predicted, reasons]),
  );
  expect(new Set(steps.slice(0, 5).map(({ status }) => status))).toEqual(new Set(['miss']));
  expect((await shop.build()).steps.map(({ status }) => status)).toEqual(steps.map(() => 'hit'));
});

it.each([
  ['LABEL a="b', 2],
  ['ENV A=${B', 2],
  ['COPY "a /', 2],
])('a word that cannot be read is told before a base is asked for: %s', async (line, at) => {
  await dockerfile('FROM not.example/base', line);
  const error = { code: 'dockerfile-invalid', detail: { range: { line: at } } };
  await expect(shop.build()).rejects.toMatchObject(error);
});

it('a variable that must be set may be set by the base, so it is no mistake of the text', async () => {
  await dockerfile('FROM scratch', 'ARG A=1', ['ENV B=$', '{A:?needed} C=$', '{D:+x}'].join(''));
  await expect(shop.build()).resolves.toBeDefined();
});
