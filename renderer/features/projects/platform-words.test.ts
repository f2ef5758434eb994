import { expect, it } from 'vitest';
import { hasPlatform, togglePlatform } from './platform-words.ts';

it.each([
  ['', 'linux/arm64', 'linux/arm64'],
  ['linux/amd64', 'linux/arm64', 'linux/amd64, linux/arm64'],
  ['linux/amd64,linux/arm64 , linux/s390x', 'linux/arm64', 'linux/amd64, linux/s390x'],
  ['linux/amd64', 'linux/amd64', ''],
  ['frob,', 'linux/amd64', 'frob, linux/amd64'],
])('turning %j over in %j gives the other choice', (text, platform, after) => {
  expect(togglePlatform(text, platform)).toBe(after);
  expect(hasPlatform(after, platform)).toBe(!hasPlatform(text, platform));
});
