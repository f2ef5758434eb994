import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ipcRenderer, prepared, recorded, reset } from './testing/electron-stand-in.ts';

type Listener = (event: unknown) => void;
const listeners = new Map<string, Listener>();
const posted: unknown[][] = [];
const page = {
  addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
  postMessage: (...given: unknown[]) => posted.push(given),
};
let runs = 0;

beforeEach(async () => {
  reset();
  listeners.clear();
  posted.length = 0;
  vi.stubGlobal('window', page);
  // A new query runs it again, and keeps the compiler from following it: it has types of its own, with a DOM.
  runs += 1;
  await import(/* @vite-ignore */ `../preload.ts?run=${runs}`);
});
afterEach(() => vi.unstubAllGlobals());

function drop(event: { isTrusted: boolean; files: unknown[] }): boolean {
  let prevented = false;
  listeners.get('drop')?.({
    isTrusted: event.isTrusted,
    dataTransfer: { files: event.files },
    preventDefault: () => (prevented = true),
  });
  return prevented;
}

it('hands the port to the page and nothing else', () => {
  const port = { a: 'port' };
  ipcRenderer.emit('strata:port', { ports: [port] });
  expect(posted).toEqual([['strata:port', '*', [port]]]);
  expect(Object.keys(page)).toEqual(['addEventListener', 'postMessage']);
});

it('tells main, not the page, the paths of what was dropped', () => {
  const folder = { name: 'web' };
  prepared.filePaths.set(folder, '/home/me/web');
  expect(drop({ isTrusted: true, files: [folder, { name: 'text from a page' }] })).toBe(true);
  expect(recorded.sent).toEqual([{ channel: 'strata:dropped', value: ['/home/me/web'] }]);
  expect(posted).toEqual([]);
});

it.each([
  ['an event that the page made', false, true],
  ['a drop without files', true, false],
])('tells nothing for %s', (_name, isTrusted, hasFile) => {
  const file = { name: 'web' };
  prepared.filePaths.set(file, '/home/me/web');
  drop({ isTrusted, files: hasFile ? [file] : [] });
  expect(recorded.sent).toEqual([]);
});

it('keeps a dropped file from replacing the page', () => {
  let prevented = false;
  listeners.get('dragover')?.({ preventDefault: () => (prevented = true) });
  expect(prevented).toBe(true);
});
