import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findIgnoreFile } from './find-ignore-file.ts';
import { previewContext } from './preview.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-preview-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content = 'x'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const preview = () => previewContext(root, join(root, 'Dockerfile'));

describe('previewContext', () => {
  it('counts what goes in and what the ignore file leaves out', async () => {
    write('.dockerignore', 'logs\n');
    write('logs/a/b', '12345');
    write('logs/c', '1');
    write('src/x', '123');
    const { files, bytes, ignoredFiles, ignoredBytes, ignoreFile } = await preview();
    expect({ files, bytes, ignoredFiles, ignoredBytes, ignoreFile }).toEqual({
      files: 2,
      bytes: 8,
      ignoredFiles: 2,
      ignoredBytes: 6,
      ignoreFile: '.dockerignore',
    });
  });

  it('names the largest folders and files of the two top levels', async () => {
    write('a/b/c/d', 'x'.repeat(50));
    write('a/e', 'x'.repeat(20));
    write('f', 'x'.repeat(30));
    expect((await preview()).biggest).toEqual([
      { path: 'a', bytes: 70, files: 2 },
      { path: 'a/b', bytes: 50, files: 1 },
      { path: 'f', bytes: 30, files: 1 },
      { path: 'a/e', bytes: 20, files: 1 },
    ]);
  });

  it.each([
    ['.git/objects/x', '.git', /history of the repository/],
    ['web/node_modules/p/index.js', 'web/node_modules', /installed packages/],
    ['.env', '.env', /passwords/],
    ['conf/.env.local', 'conf/.env.local', /passwords/],
    ['.npmrc', '.npmrc', /credentials/],
    ['keys/id_ed25519', 'keys/id_ed25519', /private key/],
    ['server.p12', 'server.p12', /private key/],
  ])('warns of %s', async (file, path, detail) => {
    write(file);
    expect((await preview()).warnings).toEqual([{ path, detail: expect.stringMatching(detail) }]);
  });

  it('warns of key files that hold a private key, not of certificates', async () => {
    write('tls.key', '-----BEGIN EC PRIVATE KEY-----\nx');
    write('tls.pem', '-----BEGIN CERTIFICATE-----\nx');
    expect((await preview()).warnings.map(({ path }) => path)).toEqual(['tls.key']);
  });

  it('warns of a large file', async () => {
    write('video.mp4');
    truncateSync(join(root, 'video.mp4'), 200_000_000);
    expect((await preview()).warnings).toEqual([
      { path: 'video.mp4', detail: expect.stringContaining('MB') },
    ]);
  });

  it.each(['.env.example', 'src/env.ts', '.envrc.md', 'gitignore', 'key', 'id_rsa.pub'])(
    'says nothing of %s',
    async (file) => {
      write(file);
      expect((await preview()).warnings).toEqual([]);
    },
  );

  it('tells of a folder once, with its size', async () => {
    write('node_modules/a/node_modules/b', 'x'.repeat(500));
    write('node_modules/c', 'x'.repeat(524));
    const { warnings } = await preview();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.detail).toMatch(/1(\.0)? k?B? ?.*in 2 files/i);
  });

  it('fails for a broken ignore file with its line', async () => {
    write('.dockerignore', 'a\n[\n');
    await expect(preview()).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/Line 2/),
    });
  });
});

describe('findIgnoreFile', () => {
  it('prefers the file named after the Dockerfile, even an empty one, and never merges', async () => {
    write('.dockerignore', 'a');
    write('build/app.Dockerfile');
    const dockerfile = join(root, 'build/app.Dockerfile');
    expect(await findIgnoreFile(root, dockerfile)).toMatchObject({ name: '.dockerignore', text: 'a' });
    write('build/app.Dockerfile.dockerignore', '');
    expect(await findIgnoreFile(root, dockerfile)).toEqual({
      path: `${dockerfile}.dockerignore`,
      name: 'app.Dockerfile.dockerignore',
      text: '',
    });
  });

  it('finds none where there is none', async () => {
    expect(await findIgnoreFile(root, join(root, 'Dockerfile'))).toBeNull();
  });
});
