import { describe, expect, it } from 'vitest';
import type { NewLayerEntry } from '../../image/layer-writer.ts';
import { StackTree } from '../../image/stack-tree.ts';
import { LayerDraft } from './layer-draft.ts';

const ROOT = { uid: 0, gid: 0 };
const file = (path: string): NewLayerEntry => ({
  path,
  type: 'file',
  mode: 0o644,
  ...ROOT,
  size: 0,
  mtime: 0,
});

describe('LayerDraft', () => {
  it.each(['a/b', 'a'])('makes no folder in a file that took the place of %s', (replaced) => {
    const draft = new LayerDraft(new StackTree(), 0);
    draft.makeDirectory('a/b', ROOT);
    draft.replace(file(replaced));
    expect(() => draft.makeDirectory('a/b', ROOT)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('makes a folder once, in whatever order folders are asked for', () => {
    const draft = new LayerDraft(new StackTree(), 0);
    for (const path of ['a/b', 'a/b', 'a/c', 'a/b', '', 'a']) draft.makeDirectory(path, ROOT);
    expect(draft.count).toBe(3);
    expect(['a', 'a/b', 'a/c'].map((path) => draft.typeAt(path))).toEqual([
      'directory',
      'directory',
      'directory',
    ]);
  });
});
