import { describe, expect, it } from 'vitest';
import { cacheKey } from '../cache/cache-key.ts';
import { parseCacheTo } from './cache-address.ts';
import { parseListing, parseRecords } from './cache-records.ts';
import { shareFields, shareText } from './share-fields.ts';

const HEX = 'a'.repeat(64);
const LAYER = {
  digest: `sha256:${HEX}`,
  diffId: `sha256:${HEX}`,
  size: 1,
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
};
const fields = { instruction: 'x', parent: 'p' };
const sound = {
  key: cacheKey(fields),
  fields,
  stage: '0',
  position: 1,
  keyword: 'RUN',
  source: 'RUN x',
  layer: LAYER,
  index: { digest: `sha256:${HEX}`, size: 1 },
  builtAt: 5,
  ms: 1,
  by: 'ci',
};
const bytesOf = (steps: unknown, version = 1) =>
  Buffer.from(JSON.stringify({ strataBuildCache: version, steps }));

describe('the records of a shared cache', () => {
  it('are read where they are sound', () => {
    expect(parseRecords(bytesOf([sound]))).toEqual({ steps: [{ ...sound, listing: null }], bases: [] });
  });

  it('are read with the lists of base layers, sound ones alone', () => {
    const base = { layer: LAYER, index: sound.index };
    const bad = [{ layer: LAYER }, { ...base, layer: { ...LAYER, diffId: 'x' } }, null, 'text'];
    const bytes = Buffer.from(JSON.stringify({ strataBuildCache: 1, steps: [], bases: [...bad, base] }));
    expect(parseRecords(bytes).bases).toEqual([base]);
  });

  it.each([
    ['the key of other fields', { ...sound, key: HEX }],
    ['fields that are no texts', { ...sound, fields: { instruction: 1 } }],
    ['a layer that is none', { ...sound, layer: { ...LAYER, mediaType: 'text/plain' } }],
    ['a path for a digest', { ...sound, layer: { ...LAYER, digest: '../../etc/passwd' } }],
    ['a layer without its list', { ...sound, index: null }],
    ['a negative size', { ...sound, index: { digest: `sha256:${HEX}`, size: -1 } }],
    ['no object', 'text'],
  ])('are left out with %s', (_name, step) => {
    expect(parseRecords(bytesOf([step, sound])).steps.map(({ key }) => key)).toEqual([sound.key]);
  });

  it('hold no text that a terminal acts on, and no time to come', () => {
    const [record] = parseRecords(bytesOf([{ ...sound, by: 'a\u001b[31m\nb', builtAt: 9e15 }])).steps;
    expect(record?.by).toBe('a[31mb');
    expect(record?.builtAt).toBeLessThanOrEqual(Date.now());
  });

  it('are refused as a whole when they are no list of this version', () => {
    expect(() => parseRecords(bytesOf([], 2))).toThrow(/version/);
    expect(() => parseRecords(Buffer.from('[]'))).toThrow(/not a JSON object/);
    expect(() => parseListing(Buffer.from('{}'))).toThrow(/no(t a)? list/);
  });
});

describe('what leaves the machine', () => {
  it('has no value of an argument or of the environment', () => {
    const shared = shareFields({
      'arg:A': 'value',
      'env:B': 'value',
      instruction: 'COPY value /',
      user: 'app',
    });
    expect(JSON.stringify(shared)).not.toContain('value');
    expect(shared.user).toBe('app');
    expect(shared['arg:A']).not.toBe(shared['env:B']);
  });

  it.each([
    ['ENV', 'ENV API_KEY=abc PORT=80', 'ENV API_KEY=… PORT=80'],
    ['ENV', 'ENV DB_PASSWORD hunter2', 'ENV DB_PASSWORD …'],
    ['ARG', 'ARG TOKEN="a b"', 'ARG TOKEN=…'],
    ['RUN', 'RUN make A=1', 'RUN make A=1'],
  ])('%s: %s', (keyword, text, shown) => expect(shareText(keyword, text)).toBe(shown));
});

describe('the words of --cache-to', () => {
  it.each([
    'type=registry',
    'ref=a/b,mode=most',
    'ref=a/b,ignore-error=maybe',
    'ref=a/b,colour=red',
    'type=local',
  ])('refuses %s', (word) => expect(() => parseCacheTo(word, '/')).toThrow(/not what --cache-to takes/));

  it('refuses kinds of other tools by name', () => {
    for (const type of ['inline', 'gha', 's3'])
      expect(() => parseCacheTo(`type=${type}`, '/')).toThrow(`type=${type}`);
  });
});
