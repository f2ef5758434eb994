import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

describe('the storage screen', () => {
  it('says what uses the disk and what exactly a clean-up would remove, before and in the question', async () => {
    const app = await drawApp('#/storage');
    await app.until('the parts', () => app.words().includes('Unpacked layers'));
    expect(app.words()).toContain('A clean-up would free 912 MB');
    await app.click('Clean up…');
    await app.until('the question', () => app.words().includes('Free 912 MB?'));
    expect(app.words()).toContain('Untagged images: 412 MB');
    await app.click('Clean up');
    await app.until('the clean-up', () => app.store.getState().storage.pruning !== null);
  });

  it('asks before the whole build cache goes, and says what that means', async () => {
    const app = await drawApp('#/storage');
    await app.until('the parts', () => app.words().includes('Unpacked layers'));
    await app.click('Empty the cache…');
    await app.until('the question', () => app.words().includes('makes them anew'));
    await app.click('Clean up all');
    await app.until('the clean-up', () => app.store.getState().storage.pruning !== null);
  });
});
