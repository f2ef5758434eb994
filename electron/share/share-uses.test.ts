import { describe, expect, it } from 'vitest';
import type { ShareUse } from '#shared/contract/share.ts';
import { addUse } from './share-uses.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const use = (over: Partial<ShareUse>): ShareUse => ({
  at: 0,
  act: 'pull',
  client: 'docker/28',
  repository: 'acme/web',
  selector: '1.0',
  digest: DIGEST,
  ...over,
});
const told = (...uses: ShareUse[]) =>
  uses.reduce<readonly ShareUse[]>(addUse, []).map(({ act, selector }) => `${act} ${selector}`);

describe('the uses of a share', () => {
  it('tells a tag and what it leads to as one pull', () => {
    expect(told(use({}), use({ at: 5, selector: DIGEST }))).toEqual(['pull 1.0']);
  });

  it('tells the parts of a list and its tag as one push', () => {
    const push = { act: 'push' } as const;
    expect(told(use({ ...push, selector: DIGEST }), use({ ...push, at: 5 }))).toEqual(['push 1.0']);
  });

  it.each([
    ['another tag', { selector: '2.0' }],
    ['another repository', { repository: 'acme/api' }],
    ['another tool', { client: 'skopeo/1' }],
    ['another act', { act: 'push' }],
    ['the same a while later', { at: 60_000 }],
  ] as const)('keeps apart %s', (_, over) => {
    expect(told(use({}), use({ at: 1, ...over }))).toHaveLength(2);
  });

  it('remembers the newest fifty, newest first', () => {
    const many = Array.from({ length: 70 }, (_, i) => use({ at: i, selector: `${i}` }));
    const newest = told(...many);
    expect(newest).toHaveLength(50);
    expect(newest[0]).toBe('pull 69');
  });
});
