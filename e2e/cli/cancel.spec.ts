import { finished, planned } from '../fixtures/events.ts';
import { processesWith } from '../fixtures/processes.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends a build with exit code 130 and everything that it started`, async ({ box }) => {
    // The time to sleep is the mark by which the processes of this test are found.
    const mark = `${3600 + Math.floor(Math.random() * 1_000_000)}.5`;
    const folder = await box.files('app', {
      Dockerfile: `FROM busybox:1.36\nRUN (sleep ${mark} &) ; trap '' INT TERM; echo begun; sleep ${mark}; sleep ${mark}\n`,
    });
    const result = await box.strata(['build', folder, '-t', 'demo:1', '--json'], {
      onOutput: (text, child) => {
        if (text.includes('begun\\n')) child.kill(signal);
      },
    });
    expect(result.code).toBe(130);
    const { ok, error, steps } = finished(result);
    expect({ ok, code: error?.code }).toEqual({ ok: false, code: 'cancelled' });
    expect(steps.at(-1)?.status).toBe('cancelled');
    expect(await processesWith(mark)).toEqual([]);
    expect(await box.mounts()).toEqual([]);
    expect(await findFaults(box.data)).toEqual([]);

    const again = planned(await box.strata(['build', folder, '--plan', '--json']));
    expect(again.map((step) => step.predicted)).toEqual(['hit', 'miss']);
  });
}

test('a reader that goes away is no error', async ({ box }) => {
  const result = await box.strata(['--help'], {
    onSpawn: (child) => child.stdout?.destroy(),
  });
  expect(result.stderr).toBe('');
});
