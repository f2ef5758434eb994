import { expect, it } from 'vitest';
import { buildOptions } from '#shared/contract/projects.ts';
import { buildQuery } from './build-query.ts';

it('a build asks for what its options say, and leaves out what they do not', () => {
  const options = buildOptions.parse({ tags: ['app'], target: '', noCache: true, buildArgs: { A: '1' } });
  expect(buildQuery(options)).toEqual({
    t: ['docker.io/library/app:latest'],
    target: undefined,
    platform: undefined,
    nocache: true,
    buildargs: { A: '1' },
  });
});

it('a reproducible build is refused rather than left half done', () => {
  expect(() => buildQuery(buildOptions.parse({ reproducible: true }))).toThrowError(
    expect.objectContaining({ code: 'unsupported', hint: expect.stringContaining('SOURCE_DATE_EPOCH') }),
  );
});
