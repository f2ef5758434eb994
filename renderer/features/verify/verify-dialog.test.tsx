import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

describe('verifying a project', () => {
  it('tells what differs, and makes the project reproducible where only times do', async () => {
    const app = await drawApp('#/project/web');
    await app.find('Build');
    await app.store.getState().dialogs.show({ kind: 'verify-build', projectId: 'web' });
    await app.click('Verify');
    await app.until('the report', () => app.words().includes('The builds differ in 1 file'));
    expect(app.words()).toContain('/app/dist/main.js');
    expect(app.words()).toContain('Only times differ');
    await app.click('Make the project reproducible and verify again');
    await app.until('the second report', () =>
      app.words().includes('Both builds gave the same image, byte for byte'),
    );
    const { list } = app.store.getState().projects;
    expect(list.status === 'ready' && list.value[0]?.options.reproducible).toBe(true);
  });

  it('can be asked for by the palette and the menu of the project', async () => {
    const app = await drawApp('#/project/web');
    await app.click('More for this project');
    await app.click('Verify: build twice and compare…');
    await app.find('Verify');
    expect(app.words()).toContain('Nothing of it is kept');
  });
});
