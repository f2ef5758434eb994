import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHostTools, isNeeded } from './host-tools.ts';

describe.skipIf(process.platform === 'win32')('the programs of the host', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strata-tools-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are taken from the PATH first, if they can be run', () => {
    writeFileSync(join(folder, 'tar'), '', { mode: 0o755 });
    writeFileSync(join(folder, 'rm'), '', { mode: 0o644 });
    const { tools } = findHostTools(`${folder}:/usr/bin`);
    expect(tools?.tar).toBe(join(folder, 'tar'));
    expect(tools?.rm).not.toBe(join(folder, 'rm'));
  });

  it('never come from a relative folder', () => {
    const before = process.cwd();
    writeFileSync(join(folder, 'tar'), '', { mode: 0o755 });
    process.chdir(folder);
    try {
      expect(findHostTools('.:').tools?.tar).toMatch(/^\/(usr\/)?bin\/tar$/);
    } finally {
      process.chdir(before);
    }
  });

  it('are told apart into those that are needed and those that only some steps need', () => {
    expect(['unshare', 'mount', 'tar'].every(isNeeded)).toBe(true);
    expect(['newuidmap', 'ip', 'nonsense'].some(isNeeded)).toBe(false);
  });
});
