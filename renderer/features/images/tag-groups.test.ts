import { expect, test } from 'vitest';
import { suggestFromGit } from './suggest-tags.ts';
import { groupNames, thereWords } from './tag-groups.ts';

test('names are grouped by repository in the order in which they come', () => {
  expect(groupNames(['acme/web:1.4', 'ghcr.io/acme/web:1.4', 'acme/web:latest'])).toEqual([
    {
      repository: 'acme/web',
      tags: [
        { name: 'acme/web:1.4', tag: '1.4' },
        { name: 'acme/web:latest', tag: 'latest' },
      ],
    },
    { repository: 'ghcr.io/acme/web', tags: [{ name: 'ghcr.io/acme/web:1.4', tag: '1.4' }] },
  ]);
});

test('what a registry has is told beside what is here, also where it is one platform of several', () => {
  const there = {
    tags: [],
    digests: {
      same: { digest: 'sha256:a', members: [] },
      list: { digest: 'sha256:l', members: ['sha256:b', 'sha256:a'] },
      other: { digest: 'sha256:c', members: [] },
      none: null,
    },
  };
  const words = (tag: string) => thereWords(there, tag, 'sha256:a')?.text;
  expect(words('same')).toBe('same there');
  expect(words('list')).toBe('there, one of 2 platforms');
  expect(words('other')).toBe('other content there, sha256:c');
  expect(words('none')).toBe('not there');
  expect(words('unasked')).toBeUndefined();
});

test('git gives names that are tags', () => {
  const git = { commit: '9c1f2d3', describe: null, branch: 'feature/login', isChanged: false };
  expect(suggestFromGit({ folder: '/x', git }, 'acme/web:').map(({ name }) => name)).toEqual([
    'acme/web:9c1f2d3',
    'acme/web:feature-login',
  ]);
  expect(suggestFromGit({ folder: '/x', git }, '')).toEqual([]);
  expect(suggestFromGit({ folder: '/x', git: null }, 'acme/web:')).toEqual([]);
});
