import { afterEach, expect, test } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

test('the status bar tells of work that waits instead of going on', async () => {
  const app = await drawApp('#/images', { beat: 10_000 });
  const { transfers, operations } = app.store.getState();
  await transfers.pull('builtin', 'nginx:1.27', '');
  app.store.getState().dialogs.close();
  const bar = await app.find('Running: Pull nginx:1.27');
  expect(bar.textContent).not.toContain('waits to try again');
  const [view] = Object.values(app.store.getState().operations.byId);
  if (view === undefined) throw new Error('Nothing runs.');
  const waiting = { why: 'the registry is busy', at: Date.now() + 60_000 };
  await app.until('the words', () => {
    // The first events of the host are still being gathered.
    operations.receive({ ...view.operation, waiting });
    return bar.textContent?.includes('waits to try again');
  });
});
