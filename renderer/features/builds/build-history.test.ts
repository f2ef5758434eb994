import { expect, it } from 'vitest';
import type { BuildSummary } from '#shared/contract/builds.ts';
import { buildBefore, cachedShare, projectsOfBuilds, retentionWords, trendOf } from './build-history.ts';

const build = (more: Partial<BuildSummary>): BuildSummary => ({
  id: 'b',
  projectId: 'p',
  name: 'p',
  contextPath: '/p',
  engine: 'builtin',
  tags: [],
  state: 'done',
  startedAt: 0,
  ms: 100,
  steps: 4,
  hits: 1,
  savedMs: 10,
  digest: null,
  imageId: null,
  ...more,
});

it('sums up the finished builds, oldest first', () => {
  const trend = trendOf([
    build({ id: 'c', ms: 300 }),
    build({ id: 'x', state: 'failed', ms: 9000 }),
    build({ id: 'r', state: 'running', ms: null }),
    build({ id: 'b', ms: 100, hits: 4 }),
    build({ id: 'a', ms: 250, hits: 1, savedMs: 5 }),
  ]);
  expect(trend?.builds.map((item) => item.id)).toEqual(['a', 'b', 'c']);
  expect(trend).toMatchObject({ medianMs: 250, cachedShare: 0.5, savedMs: 25 });
});

it('takes the middle of an even number of builds', () => {
  expect(trendOf([build({ ms: 100 }), build({ ms: 200 })])?.medianMs).toBe(150);
});

it('sees no trend in one finished build', () => {
  expect(trendOf([build({}), build({ state: 'failed' })])).toBeNull();
});

it('lists projects by name with the number of their builds', () => {
  const projects = projectsOfBuilds([
    build({ projectId: '2', name: 'web' }),
    build({ projectId: '1', name: 'api' }),
    build({ projectId: null }),
    build({ projectId: '2', name: 'web' }),
  ]);
  expect(projects).toEqual([
    { id: '1', name: 'api', builds: 1 },
    { id: '2', name: 'web', builds: 2 },
  ]);
});

it('knows no share of a build without steps', () => {
  expect(cachedShare(build({ steps: 0, hits: 0 }))).toBeNull();
  expect(cachedShare(build({ steps: 4, hits: 3 }))).toBe(0.75);
});

it('finds the build of the same project that was begun before another one', () => {
  const builds = [
    build({ id: 'new', startedAt: 30 }),
    build({ id: 'running', startedAt: 25, state: 'running' }),
    build({ id: 'other', startedAt: 20, projectId: 'q' }),
    build({ id: 'old', startedAt: 10 }),
    build({ id: 'oldest', startedAt: 5 }),
    build({ id: 'cli', startedAt: 40, projectId: null, contextPath: '/c' }),
    build({ id: 'cli-old', startedAt: 1, projectId: null, contextPath: '/c' }),
  ];
  const before = (id: string) => buildBefore(builds, builds.find((one) => one.id === id) ?? build({}))?.id;
  expect(['new', 'old', 'oldest', 'cli'].map(before)).toEqual(['old', 'oldest', undefined, 'cli-old']);
});

it('says which builds are kept', () => {
  const settings = { theme: 'system', engine: 'builtin', dockerHost: '' } as const;
  const lists = { insecureHosts: [], mirrors: {}, floatingTags: [] };
  expect(retentionWords({ ...settings, ...lists })).toBe('the newest 500 are kept');
  expect(retentionWords({ ...settings, ...lists, keepBuilds: 2000, keepBuildDays: 1 })).toBe(
    'the newest 2,000 are kept, none older than 1 day',
  );
});
