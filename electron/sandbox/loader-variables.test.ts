import { describe, expect, it } from 'vitest';
import { StackTree } from '../image/stack-tree.ts';
import { setLoaderVariablesInside } from './loader-variables.ts';
import { type EntryInput, makeLayer } from './testing/make-layer.ts';

async function treeOf(entries: readonly EntryInput[]): Promise<StackTree> {
  const tree = new StackTree();
  tree.apply((await makeLayer(entries)).index);
  return tree;
}

const command = {
  argv: ['run', 'it'],
  env: ['A=1', 'LD_PRELOAD=/x.so', 'LDX=2', 'GLIBC_TUNABLES=y', 'MALLOC_ARENA_MAX=1'],
};
const loader = ['LD_PRELOAD=/x.so', 'GLIBC_TUNABLES=y', 'MALLOC_ARENA_MAX=1'];

describe('loader variables', () => {
  it('leave a command without them alone', async () => {
    const plain = { argv: ['run'], env: ['A=1', 'LDX=2', 'MY_LD_PRELOAD=3'] };
    expect(setLoaderVariablesInside(await treeOf([]), plain)).toBe(plain);
  });

  it('are set by the env of the image, found through links', async () => {
    const tree = await treeOf([
      { path: 'bin', type: 'directory' },
      { path: 'bin/box', mode: 0o755 },
      { path: 'usr', type: 'directory' },
      { path: 'usr/bin', type: 'symlink', linkTarget: '/bin' },
      { path: 'bin/env', type: 'symlink', linkTarget: '/bin/box' },
    ]);
    expect(setLoaderVariablesInside(tree, command)).toEqual({
      env: ['A=1', 'LDX=2'],
      argv: ['/usr/bin/env', ...loader, 'run', 'it'],
    });
  });

  it('are set by the shell where there is no env, or where env would misread the command', async () => {
    const tree = await treeOf([{ path: 'bin/sh' }]);
    const { argv, env } = setLoaderVariablesInside(tree, command);
    expect(env).toEqual(['A=1', 'LDX=2']);
    expect([argv[0], argv[1], ...argv.slice(3)]).toEqual([
      '/bin/sh',
      '-c',
      'sh',
      '3',
      ...loader,
      'run',
      'it',
    ]);
    const both = await treeOf([{ path: 'bin/sh' }, { path: 'bin/env' }]);
    expect(setLoaderVariablesInside(both, { ...command, argv: ['a=b'] }).argv[0]).toBe('/bin/sh');
  });

  it('are refused where the image can set none', async () => {
    const tree = await treeOf([{ path: 'bin/env', type: 'symlink', linkTarget: '/missing' }]);
    expect(() => setLoaderVariablesInside(tree, command)).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    );
  });
});
