import { hash } from 'node:crypto';
import type { Heredoc } from '../dockerfile/ast.ts';
import { nodeIdentity, type SourceNode, type SourceTree } from '../sources/source-tree.ts';

/** Texts written in the Dockerfile as files of mode 0644, named by their delimiter. */
export function heredocSource(heredocs: readonly Heredoc[], expand: (text: string) => string): SourceTree {
  const files = new Map<string, Buffer>();
  for (const heredoc of heredocs) {
    files.set(heredoc.name, Buffer.from(heredoc.expand ? expand(heredoc.content) : heredoc.content));
  }
  const node = (path: string): SourceNode | undefined => {
    const bytes = files.get(path);
    if (bytes === undefined) return undefined;
    return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 };
  };
  return {
    title: 'the Dockerfile',
    get: node,
    resolve: (path) => path,
    children: () => [...files.keys()].flatMap((path) => node(path) ?? []),
    read: ({ path }) => files.get(path) ?? new Uint8Array(),
    identify: async (nodes, visit) => {
      for (const found of nodes) {
        const digest = hash('sha256', files.get(found.path) ?? '', 'hex');
        visit({ path: found.path, identity: nodeIdentity(found, digest, false) });
      }
    },
  };
}
