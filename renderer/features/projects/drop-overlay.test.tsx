import { afterEach, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

function drag(type: string, types: readonly string[]): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types } });
  Object.defineProperty(event, 'relatedTarget', { value: null });
  window.dispatchEvent(event);
  return event;
}

it('says in a browser that a dropped folder cannot be found, and does not leave the page for it', async () => {
  const app = await drawApp('#/projects');
  await app.until('the refusal to open it', () => drag('dragover', ['Files']).defaultPrevented);
  await app.until('the words', () => app.words().includes('does not tell where a dropped folder or file is'));
  expect(drag('drop', ['Files']).defaultPrevented).toBe(true);
  await app.until('their end', () => !app.words().includes('does not tell where'));
});

it('does not mind text that is dragged', async () => {
  const app = await drawApp('#/projects');
  await app.until('the page', () => drag('drop', ['Files']).defaultPrevented);
  expect(drag('dragover', ['text/plain']).defaultPrevented).toBe(false);
  expect(app.words()).not.toContain('does not tell where');
});
