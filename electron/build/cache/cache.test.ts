import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheFields, cacheKey, isSecretName } from './cache-key.ts';
import { type ExplainInput, explainMiss } from './explain.ts';
import { closestStep, type PastStep } from './history.ts';
import { compareListings, listingDigest, tellListing } from './source-listing.ts';

describe('a cache key', () => {
  it('differs whenever a name or a value differs, however the texts are cut', () => {
    const fields = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 });
    const same = (a: CacheFields, b: CacheFields) =>
      JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
    fc.assert(fc.property(fields, fields, (a, b) => (cacheKey(a) === cacheKey(b)) === same(a, b)));
    expect(cacheKey({ a: '1:b' })).not.toBe(cacheKey({ a: '1', b: '' }));
  });

  it('does not depend on the order of the fields', () => {
    expect(cacheKey({ a: '1', b: '2' })).toBe(cacheKey({ b: '2', a: '1' }));
  });

  it.each([
    ['API_KEY', true],
    ['db_password', true],
    ['NPM_TOKEN', true],
    ['PUBLIC_KEY', false],
    ['TOKEN_FILE', false],
    ['MONKEY', false],
  ])('treats the value of %s as secret: %s', (name, secret) => expect(isSecretName(name)).toBe(secret));
});

describe('a listing', () => {
  it('tells what became of each path', async () => {
    const before = [
      { path: 'gone', identity: 'f644 aa' },
      { path: 'mode', identity: 'f644 aa' },
      { path: 'same', identity: 'f644 aa' },
      { path: 'text', identity: 'f644 aa' },
    ];
    const after = [
      { path: 'mode', identity: 'f755 aa' },
      { path: 'new', identity: 'f644 aa' },
      { path: 'same', identity: 'f644 aa' },
      { path: 'text', identity: 'f644 bb' },
    ];
    expect(await compareListings(before, tellListing(after))).toEqual([
      { path: 'gone', change: 'removed' },
      { path: 'mode', change: 'mode' },
      { path: 'new', change: 'added' },
      { path: 'text', change: 'content' },
    ]);
    expect(await listingDigest(tellListing(before))).not.toBe(await listingDigest(tellListing(after)));
  });

  it.each([
    [['a', 'b'], [], ['a removed', 'b removed']],
    [[], ['a', 'b'], ['a added', 'b added']],
    [
      ['a', 'c', 'd'],
      ['b', 'c', 'e'],
      ['a removed', 'b added', 'd removed', 'e added'],
    ],
    [['a'], ['a'], []],
  ])('from %j to %j has the changes %j', async (before, after, expected) => {
    const list = (paths: readonly string[]) => paths.map((path) => ({ path, identity: 'f644 aa' }));
    const changes = await compareListings(list(before), tellListing(list(after)));
    expect(changes.map(({ path, change }) => `${path} ${change}`)).toEqual(expected);
  });
});

const past = (fields: CacheFields, more: Partial<PastStep> = {}): PastStep => ({
  stage: '0',
  position: 1,
  keyword: 'RUN',
  source: 'RUN x',
  key: 'k',
  fields,
  ...more,
});
const input = (fields: CacheFields, more: Partial<ExplainInput> = {}): ExplainInput => ({
  keyword: 'RUN',
  fields,
  past: past({ instruction: 'RUN x', parent: 'p' }),
  rebuiltParent: null,
  noCache: false,
  changes: null,
  eviction: null,
  ...more,
});

describe('an explanation', () => {
  it.each([
    [
      'both texts of an edited instruction',
      input({ instruction: 'RUN y', parent: 'p' }),
      ['instruction-changed'],
      'The RUN instruction was edited: “RUN x” became “RUN y”.',
    ],
    [
      'a variable that came',
      input({ instruction: 'RUN x', parent: 'p', 'env:A': '1' }),
      ['environment-changed'],
      'Environment variable A changed: unset became “1”.',
    ],
    [
      'another user',
      input({ instruction: 'RUN x', parent: 'p', user: 'web' }),
      ['user-changed'],
      'The user changed: unset became “web”.',
    ],
    [
      'the parent that was rebuilt',
      input({ instruction: 'RUN x', parent: 'q' }, { rebuiltParent: 'line 2, COPY . .' }),
      ['parent-rebuilt'],
      'An earlier step is rebuilt (line 2, COPY . .).',
    ],
    [
      'a parent nobody can name',
      input({ instruction: 'RUN x', parent: 'q' }),
      ['parent-rebuilt'],
      'The file system that this step starts from is another one than before.',
    ],
    [
      'nothing before',
      input({ instruction: 'RUN x' }, { past: null }),
      ['no-earlier-build'],
      'There is no earlier build of this RUN to take it from.',
    ],
    [
      'the cache turned off',
      input({ instruction: 'RUN x' }, { noCache: true }),
      ['cache-off'],
      'The cache is turned off for this build.',
    ],
    [
      'a result that is gone',
      input({ instruction: 'RUN x', parent: 'p' }),
      ['evicted'],
      'Nothing changed, but the earlier result is no longer in the store.',
    ],
  ])('names %s', (_name, given, kinds, detail) => {
    const reasons = explainMiss(given);
    expect(reasons.map((reason) => reason.kind)).toEqual(kinds);
    expect(reasons[0]?.detail).toBe(detail);
  });

  it('names both digests and the tag of a base that moved', () => {
    const before = past({ instruction: 'FROM a:1', reference: 'a:1', base: 'sha256:old' });
    const [reason] = explainMiss(
      input(
        { instruction: 'FROM a:1', reference: 'a:1', base: 'sha256:new' },
        { past: before, keyword: 'FROM' },
      ),
    );
    expect(reason).toEqual({
      kind: 'base-moved',
      detail: 'The base image a:1 moved: sha256:old became sha256:new.',
    });
  });
});

describe('the closest earlier step', () => {
  const step = {
    stage: '0',
    position: 2,
    keyword: 'RUN',
    source: 'RUN x',
    fields: { instruction: 'RUN x', 'arg:V': '2' },
  };

  it('is the one with the fewest differences, of any build', () => {
    const builds = [
      { at: 2, steps: [past({ instruction: 'RUN x', 'arg:V': '9', user: 'u' })] },
      { at: 1, steps: [past({ instruction: 'RUN x', 'arg:V': '1' }, { key: 'wanted' })] },
    ];
    expect(closestStep(builds, step)?.key).toBe('wanted');
  });

  it('is an edited one only at the same place', () => {
    const edited = (position: number) => [
      { at: 1, steps: [past({ instruction: 'RUN y' }, { source: 'RUN y', position })] },
    ];
    expect(closestStep(edited(2), step)).not.toBeNull();
    expect(closestStep(edited(3), step)).toBeNull();
  });

  it('is of the same stage and keyword', () => {
    expect(
      closestStep([{ at: 1, steps: [past({}, { stage: 'other' }), past({}, { keyword: 'COPY' })] }], step),
    ).toBeNull();
  });
});
