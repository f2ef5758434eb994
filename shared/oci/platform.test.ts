import { describe, expect, it } from 'vitest';
import { formatPlatform, parsePlatform, samePlatform } from './platform.ts';

describe('parsePlatform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['Linux/X86_64', 'linux/amd64'],
    ['arm64', 'linux/arm64'],
    ['aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['armel', 'linux/arm/v6'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v2', 'linux/amd64/v2'],
    ['linux/i386', 'linux/386'],
    ['windows/amd64', 'windows/amd64'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected);
  });

  it.each(['', '/', 'linux/', '/amd64', 'linux/amd64/v2/x', 'linux amd64', 'linux/amd64\n'])(
    'refuses %j',
    (text) => {
      expect(() => parsePlatform(text)).toThrow(/is not a platform/);
    },
  );

  it('knows two names of one platform', () => {
    expect(
      samePlatform({ os: 'linux', architecture: 'aarch64', variant: 'v8' }, parsePlatform('linux/arm64')),
    ).toBe(true);
    expect(samePlatform(parsePlatform('linux/arm/v6'), parsePlatform('linux/arm/v7'))).toBe(false);
  });
});
