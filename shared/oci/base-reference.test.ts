import { describe, expect, it } from 'vitest';
import { baseAnnotations, readBase } from './base-reference.ts';
import { parseDigest } from './digest.ts';
import { familiarReference, parseReference } from './reference.ts';

const digest = parseDigest(`sha256:${'ab'.repeat(32)}`);

describe('the base in the annotations of a manifest', () => {
  it('is written in full and read again', () => {
    const base = { reference: parseReference('node:20-slim'), digest };
    const annotations = baseAnnotations(base);
    expect(annotations).toEqual({
      'org.opencontainers.image.base.digest': digest,
      'org.opencontainers.image.base.name': 'docker.io/library/node:20-slim',
    });
    expect(readBase(annotations)).toEqual(base);
  });

  it.each([
    ['none', undefined, null],
    ['others', { 'org.opencontainers.image.title': 'x' }, null],
    ['a digest alone', { 'org.opencontainers.image.base.digest': digest }, null],
    ['no reference', { 'org.opencontainers.image.base.name': 'Not A Name' }, null],
    ['a name alone', { 'org.opencontainers.image.base.name': 'ghcr.io/a/b:1' }, 'ghcr.io/a/b:1 null'],
    [
      'a broken digest',
      { 'org.opencontainers.image.base.name': 'a:1', 'org.opencontainers.image.base.digest': 'sha256:1' },
      'a:1 null',
    ],
  ])('of %s is told as it can be', (_, annotations, expected) => {
    const base = readBase(annotations);
    expect(base && `${familiarReference(base.reference)} ${base.digest}`).toBe(expected);
  });
});
