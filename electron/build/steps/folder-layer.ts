import type { SourceTree } from '../sources/source-tree.ts';
import { copyFiles } from './copy-files.ts';
import { LayerDraft } from './layer-draft.ts';
import { listFiles } from './listed-files.ts';
import type { PreparedStep } from './prepared-step.ts';
import type { StepContext } from './step-context.ts';

/** A file system that consists of a folder: what FROM of a named folder begins with. */
export async function folderLayer(
  tree: SourceTree,
  context: StepContext,
): Promise<Pick<PreparedStep, 'listing' | 'makeLayer'> & { readonly digest: string }> {
  const node = tree.get('');
  const items = node === undefined ? [] : [{ tree, node, name: '', unpack: false }];
  const nothing = () => false;
  const { digest, tell } = await listFiles({ items }, [], context.signal);
  return {
    listing: tell,
    digest,
    makeLayer: async (before) => {
      const draft = new LayerDraft(await context.tree(before), context.epoch ?? 0);
      const options = { owner: null, changeMode: null, excludes: nothing, signal: context.signal };
      await copyFiles(draft, items, '/', options);
      return draft.isEmpty ? null : context.writeLayer((writer) => draft.write(writer));
    },
  };
}
