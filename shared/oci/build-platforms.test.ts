import { describe, expect, it } from 'vitest';
import { parseBuildPlatform, parseBuildPlatforms } from './build-platforms.ts';
import { formatPlatform } from './platform.ts';

describe('parseBuildPlatforms', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['linux/amd64', ['linux/amd64']],
    ['linux/arm64, linux/amd64', ['linux/arm64', 'linux/amd64']],
    ['arm64,linux/arm64/v8,aarch64', ['linux/arm64']],
    ['linux/arm/v6,linux/arm', ['linux/arm/v6', 'linux/arm/v7']],
  ])('reads %j as %j', (text, platforms) => {
    expect(parseBuildPlatforms(text).map(formatPlatform)).toEqual(platforms);
  });

  it.each([
    ['linux/frob', 'no processor is called "frob"'],
    ['linus/amd64', 'no operating system is called "linus"'],
    ['linux/amd64,', '"" is not a platform'],
    ['linux/amd64/v2/x', 'is not a platform'],
    ['linux amd64', 'is not a platform'],
  ])('refuses %j', (text, message) => {
    expect(() => parseBuildPlatforms(text)).toThrow(message);
  });

  it('says which word of several is wrong', () => {
    expect(() => parseBuildPlatforms('linux/amd64,linux/arm46')).toThrow('"linux/arm46"');
    expect(() => parseBuildPlatform('frob')).toThrow('"frob"');
  });
});
