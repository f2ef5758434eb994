import { nodeIdentity, type SourceNode, type SourceTree } from '../sources/source-tree.ts';

/** A tree of one file at its root. `digest` is the sha256 of its content, hex. */
export function fileTree(
  title: string,
  file: SourceNode,
  digest: string,
  read: () => AsyncIterable<Uint8Array>,
): SourceTree {
  const get = (path: string): SourceNode | undefined => (path === file.path ? file : undefined);
  return {
    title,
    get,
    resolve: (path) => path,
    children: (path) => (path === '' ? [file] : []),
    identify: async (nodes, visit) => {
      for (const node of nodes) visit({ path: node.path, identity: nodeIdentity(node, digest, false) });
    },
    read,
  };
}
