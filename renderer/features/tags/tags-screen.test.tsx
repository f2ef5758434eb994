import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

describe('the journal of tags', () => {
  it('lists the moves, newest first, with what did each', async () => {
    const app = await drawApp('#/tags');
    await app.until('the moves', () => app.words().includes('12 moves'));
    expect(app.words()).toContain('acme/web:1.4.11');
    expect(app.words()).toContain('ada, command line');
  });

  it('searches and keeps to a place', async () => {
    const app = await drawApp('#/tags');
    await app.until('the moves', () => app.words().includes('12 moves'));
    await app.type('Search the journal', 'acme/web:1.4.11');
    await app.until('the count', () => app.words().includes('1 move found'));
    await app.type('Search the journal', '');
    await app.click('Registries');
    await app.until('the count', () => app.words().includes('4 moves found'));
  });

  it('begins with one tag where a link leads to it', async () => {
    const app = await drawApp('#/tags/acme%2Fweb%3A1.4.11');
    await app.until('the count', () => app.words().includes('1 move found'));
  });

  it('rolls a tag back, and that can be undone', async () => {
    const app = await drawApp('#/tags/acme%2Fweb%3A1.4.11');
    await app.until('the count', () => app.words().includes('1 move found'));
    const row = await app.until('the row', () =>
      app.all(/acme\/web:1\.4\.11/).find((one) => one.role === 'row'),
    );
    row.click();
    await app.click('Roll back');
    await app.until('the notice', () => app.words().includes('names what it named before'));
    await app.until('the new move', () => app.words().includes('13 moves'));
    await app.click('Undo');
    await app.until('the move back', () => app.words().includes('14 moves'));
  });

  it('says what to expect where nothing was moved', async () => {
    const app = await drawApp('#/tags', { empty: true });
    await app.until('the words', () => app.words().includes('No tag was moved yet'));
  });

  it('draws only what is in view of thousands of moves', async () => {
    const app = await drawApp('#/tags', { moves: 5000 });
    await app.until('the moves', () => app.words().includes('5,000 moves'));
    expect(document.querySelectorAll('[role=row]').length).toBeLessThan(100);
  });
});
