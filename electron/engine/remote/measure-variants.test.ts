import { expect, it } from 'vitest';
import type { RegistryBrowser } from '../ports.ts';
import { measureVariants } from './measure-variants.ts';

const SIZES: Readonly<Record<string, number | null>> = {
  'node:22-slim': 80,
  'node:22-alpine': 50,
  'node:22-bookworm-slim': 81,
  'node:22.3-alpine': null,
};

it('asks for the small variants of the same version, the plainest first, and measures no more than four', async () => {
  const asked: string[] = [];
  const browser: Pick<RegistryBrowser, 'tags' | 'tag'> = {
    tags: async (repository, { query }) => {
      expect([repository, query]).toEqual(['docker.io/library/node', '22']);
      const tags = ['22', '22-alpine', '22-alpine3.19', '22-bookworm', '22-bookworm-slim', '22-slim'];
      return { tags: [...tags, '22.3-alpine', '222-slim', '20-slim'], total: 9, next: null };
    },
    tag: async (text) => {
      const reference = text.replace('docker.io/library/', '');
      asked.push(reference);
      const facts = { digest: 'sha256:1', mediaType: 'x', index: false, pinned: 'x', createdAt: null };
      return { ...facts, reference, platforms: [], size: SIZES[reference] ?? null };
    },
  };
  const found = await measureVariants(browser, 'node:22');
  expect(asked).toEqual(['node:22-slim', 'node:22-alpine', 'node:22.3-alpine', 'node:22-alpine3.19']);
  expect(found).toEqual([
    { name: 'node:22-slim', bytes: 80, isRemote: true },
    { name: 'node:22-alpine', bytes: 50, isRemote: true },
  ]);
});
