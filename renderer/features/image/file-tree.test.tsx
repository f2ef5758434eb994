import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TreeLine } from '#renderer/store/file-tree.ts';
import { fakeFiles } from '#renderer/testing/fake-files.ts';
import { FileTree } from './file-tree.tsx';

let root: Root;
beforeEach(() => {
  // A document without a layout has no sizes, and nothing would be in view.
  for (const side of ['offsetWidth', 'offsetHeight', 'clientWidth', 'clientHeight'])
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 600 });
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

const files = (count: number): TreeLine[] =>
  fakeFiles(7, 'app/node_modules/.bin', 'name')
    .slice(0, count)
    .map((row) => ({ kind: 'file', row, depth: 0, isOpen: false }));
const more = (left: number): TreeLine => ({ kind: 'more', path: 'app', depth: 0, left });

/** Draws lines and gives what was asked for. */
async function draw(lines: readonly TreeLine[], onLoad: (path: string) => void): Promise<void> {
  const ignore = (): void => {};
  root.render(
    <FileTree
      lines={lines}
      title="Path"
      isFlat={false}
      sort="name"
      whole={1}
      onSort={ignore}
      onToggle={ignore}
      onShow={ignore}
      onLoad={onLoad}
    />,
  );
  const count = String(lines.length);
  const isDrawn = () =>
    expect(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount')).toBe(count);
  await vi.waitFor(isDrawn);
  // Effects run after the drawing.
  await new Promise((resolve) => setTimeout(resolve, 50));
}

it('asks for the next entries as soon as their line is in view, once for each page', async () => {
  const onLoad = vi.fn();
  await draw([...files(300), more(40)], onLoad);
  expect(onLoad).not.toHaveBeenCalled();
  await draw([...files(4), more(40)], onLoad);
  await draw([...files(4), more(40)], onLoad);
  expect(onLoad.mock.calls).toEqual([['app']]);
  await draw([...files(9), more(35)], onLoad);
  expect(onLoad).toHaveBeenCalledTimes(2);
});

it('asks for them also when the keyboard leads there', async () => {
  const onLoad = vi.fn();
  await draw([...files(300), more(40)], onLoad);
  const tree = document.querySelector('[role=treegrid]');
  tree?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
  expect(onLoad).toHaveBeenCalledWith('app');
});
