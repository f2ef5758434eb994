import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIgnoreMatcher, parseIgnore } from './ignore.ts';
import { type ScanOptions, scanContext } from './scan-context.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-scan-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function paths(ignore: string, options: ScanOptions = {}): Promise<string[]> {
  const matcher = createIgnoreMatcher(parseIgnore(ignore));
  const { entries } = await scanContext(root, { matcher, ...options });
  return Array.from(entries, ({ path }) => path);
}

describe('scanContext', () => {
  it('lists a folder before its content, names in order', async () => {
    for (const path of ['b/z', 'b/a/x', 'b.txt', 'a', 'B']) write(path);
    expect(await paths('')).toEqual(['B', 'a', 'b', 'b/a', 'b/a/x', 'b/z', 'b.txt']);
  });

  it('tells type, mode, size, times and links', async () => {
    write('file', '12345');
    chmodSync(join(root, 'file'), 0o4751);
    utimesSync(join(root, 'file'), 981_173_106, 981_173_106);
    linkSync(join(root, 'file'), join(root, 'hard'));
    mkdirSync(join(root, 'dir'), { mode: 0o750 });
    symlinkSync('../out side', join(root, 'link'));
    const { entries, files, bytes } = await scanContext(root);
    const by = new Map(Array.from(entries, (entry) => [entry.path, entry]));
    expect(by.get('file')).toMatchObject({
      type: 'file',
      mode: 0o4751,
      size: 5,
      mtimeMs: 981_173_106_000,
      links: 2,
    });
    expect(by.get('hard')?.ino).toBe(by.get('file')?.ino);
    expect(by.get('dir')).toMatchObject({ type: 'directory', mode: 0o750, size: 0 });
    expect(by.get('link')).toMatchObject({ type: 'symlink', linkTarget: '../out side', size: 0 });
    expect({ files, bytes }).toEqual({ files: 3, bytes: 10 });
  });

  it('never follows a link out of the context', async () => {
    symlinkSync('/etc', join(root, 'out'));
    expect(await paths('')).toEqual(['out']);
    expect(await paths('', { roots: ['out/passwd'] })).toEqual(['out']);
  });

  it('leaves out what is ignored and does not look into it', async () => {
    for (const path of ['node_modules/a/b', 'src/x.ts', 'src/x.log', 'x.md']) write(path);
    const { entries, ignored } = await scanContext(root, {
      matcher: createIgnoreMatcher(parseIgnore('node_modules\n**/*.log\n*.md')),
    });
    expect(Array.from(entries, ({ path }) => path)).toEqual(['src', 'src/x.ts']);
    expect(ignored).toBeNull();
  });

  it('lists an ignored folder only for the sake of what is taken in again below it', async () => {
    for (const path of ['a/keep/x', 'a/drop', 'a/keep/y', 'b/keep/x', 'c/d']) write(path);
    expect(await paths('*\n!a/keep/x')).toEqual(['a', 'a/keep', 'a/keep/x']);
    expect(await paths('*\n!**/keep')).toEqual([
      'a',
      'a/keep',
      'a/keep/x',
      'a/keep/y',
      'b',
      'b/keep',
      'b/keep/x',
    ]);
    expect(await paths('*\n!zzz/**')).toEqual([]);
  });

  it('counts what is ignored when asked to', async () => {
    for (const path of ['node_modules/a/b', 'node_modules/c', 'd.log', 'keep']) write(path, '1234');
    const matcher = createIgnoreMatcher(parseIgnore('*\n!keep'));
    const { ignored, files } = await scanContext(root, { matcher, measureIgnored: true });
    expect(files).toBe(1);
    expect(ignored).toEqual({ files: 3, bytes: 12 });
  });

  it('looks only at the wanted sources, with the folders above them', async () => {
    for (const path of ['a/b/c', 'a/b/d/e', 'a/z', 'src/x.ts', 'src/y.js', 'other/o', 'top']) write(path);
    expect(await paths('', { roots: ['a/b'] })).toEqual(['a', 'a/b', 'a/b/c', 'a/b/d', 'a/b/d/e']);
    expect(await paths('', { roots: ['/top', 'missing/x', '../src/x.ts'] })).toEqual([
      'src',
      'src/x.ts',
      'top',
    ]);
    expect(await paths('', { roots: ['src/*.ts'] })).toEqual(['src', 'src/x.ts', 'src/y.js']);
    expect(await paths('', { roots: ['.'] })).toContain('other/o');
    expect(await paths('', { roots: [] })).toEqual([]);
    expect(await paths('a/b', { roots: ['a/b/c', 'a/z'] })).toEqual(['a', 'a/z']);
  });

  it('takes links on the way to a source and what they lead to', async () => {
    write('real/dir/file');
    symlinkSync('real', join(root, 'link'));
    symlinkSync('/real/dir', join(root, 'absolute'));
    expect(await paths('', { roots: ['link/dir'] })).toEqual(['link', 'real', 'real/dir', 'real/dir/file']);
    expect(await paths('', { roots: ['absolute'] })).toEqual([
      'absolute',
      'real',
      'real/dir',
      'real/dir/file',
    ]);
  });

  it('stops when it is cancelled', async () => {
    for (let index = 0; index < 3000; index += 1) write(`d${index % 30}/f${index}`, '');
    const controller = new AbortController();
    const scan = scanContext(root, { signal: controller.signal, matcher: slowMatcher(controller) });
    await expect(scan).rejects.toThrow(/abort/i);
  });

  it('names the context that is not there', async () => {
    await expect(scanContext(join(root, 'gone'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses names that are not UTF-8', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), '');
    await expect(scanContext(root)).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('.dockerignore'),
    });
  });
});

/** Ignores nothing, aborts early, and takes so long that the scan pauses. */
function slowMatcher(controller: AbortController) {
  return {
    patterns: [],
    hasNegation: false,
    mayContainReincluded: () => false,
    ignores: () => {
      controller.abort();
      const end = performance.now() + 0.5;
      while (performance.now() < end);
      return false;
    },
  };
}
