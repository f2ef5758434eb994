import { describe, expect, it } from 'vitest';
import { isKernelAtLeast } from './host-facts.ts';

describe('kernel versions', () => {
  it.each([
    ['5.11.0', true],
    ['5.11-rc1', true],
    ['6.1.0-9-amd64', true],
    ['5.10.200', false],
    ['4.19.0', false],
    ['nonsense', false],
  ])('%s', (kernel, expected) => {
    expect(isKernelAtLeast(kernel, 5, 11)).toBe(expected);
  });
});
