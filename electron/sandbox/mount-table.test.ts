import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptOptions, parseMountInfo } from './mount-flags.ts';
import { formatMountTable } from './mount-table.ts';

const INFO = [
  '22 27 0:21 / / rw,relatime - ext4 /dev/vda rw',
  '30 22 0:26 / /home rw,nosuid,nodev,noexec,noatime shared:1 - ext4 /dev/vdb rw,errors=continue',
  '31 30 0:27 / /home/a\\040b ro,nosuid - tmpfs tmpfs rw',
  '32 22 0:28 / /homes rw - tmpfs tmpfs rw',
  'broken',
].join('\n');

describe('mount tables', () => {
  it('keep blanks and backslashes in names', () => {
    const text = formatMountTable([
      { source: '/a b', target: '/c\\d\te#f', type: 'none', options: ['bind', 'ro'] },
      { source: 'x\ny', target: '/ü\u00a0', type: 'tmpfs', options: [] },
    ]);
    expect(text).toBe(
      '/a\\040b /c\\134d\\011e\\043f none bind,ro 0 0\nx\\012y /ü\u00a0 tmpfs defaults 0 0\n',
    );
  });

  it.skipIf(process.platform !== 'linux')('are read by mount as they were meant (needs findmnt)', () => {
    const target = '/c\\d e#f,g';
    const text = formatMountTable([{ source: '/a b', target, type: 'none', options: ['bind'] }]);
    const folder = mkdtempSync(join(tmpdir(), 'strata-table-'));
    try {
      writeFileSync(join(folder, 'fstab'), text);
      const said = execFileSync('findmnt', ['--tab-file', join(folder, 'fstab'), '--json'], {
        encoding: 'utf8',
      });
      expect(JSON.parse(said)).toMatchObject({ filesystems: [{ target, source: '/a b', options: 'bind' }] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['/etc/hosts', ['relatime']],
    ['/home', ['nosuid', 'nodev', 'noexec', 'noatime']],
    ['/home/x/y', ['nosuid', 'nodev', 'noexec', 'noatime']],
    ['/home/a b/c', ['ro', 'nosuid']],
    ['/homes/x', []],
    ['/home..', ['relatime']],
  ])('the options to keep for %s', (path, options) => {
    expect(keptOptions(parseMountInfo(INFO), path)).toEqual(options);
  });
});
