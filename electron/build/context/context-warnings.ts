import { open } from 'node:fs/promises';
import type { ContextPreview } from '#shared/contract/projects.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import type { ContextEntry } from './context-entry.ts';

type Warning = ContextPreview['warnings'][number];

/** From here on a single file is worth a word. */
const LARGE_BYTES = 100 * 1024 * 1024;
/** More key files than this are not opened. */
const MAX_OPENED = 100;
const HEAD_BYTES = 4096;

const FOLDERS: Readonly<Record<string, string>> = {
  '.git': 'the history of the repository is seldom needed in an image, and changes with every commit',
  node_modules: 'installed packages belong to this machine; let the build install its own',
};
/** Names that hold credentials by convention, and what they are. */
const SECRET_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^\.env(\.(?!example$|sample$|template$|dist$).+)?$/, 'environment files often hold passwords'],
  [/^\.(npmrc|pypirc|netrc|dockercfg|git-credentials|htpasswd|pgpass)$/, 'it may hold credentials'],
  [
    /^(id_(rsa|dsa|ecdsa|ed25519)|credentials|kubeconfig|.+\.(p12|pfx|jks|keystore))$/,
    'it may hold a private key',
  ],
];
const KEY_FILE = /\.(pem|key)$/i;

/** Collects, entry by entry, what in a context had better be named in the ignore file. */
export class ContextWarnings {
  readonly #folders = new Map<string, { bytes: number; files: number; why: string }>();
  readonly #files: Warning[] = [];
  readonly #keys: string[] = [];

  add(entry: ContextEntry): void {
    const { path, type, size } = entry;
    if (type === 'directory') return;
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    const index = parts.findIndex((part) => Object.hasOwn(FOLDERS, part));
    if (index >= 0) this.#addToFolder(parts.slice(0, index + 1), size);
    else if (type === 'file') this.#addFile(path, name, size);
  }

  /** The warnings, folders first; files that may be private keys are looked into. */
  async finish(root: string): Promise<Warning[]> {
    for (const path of this.#keys.slice(0, MAX_OPENED)) {
      if (!(await holdsPrivateKey(`${root}/${path}`))) continue;
      this.#warn(path, `${path} holds a private key: whoever gets the image gets the key.`);
    }
    const folders = [...this.#folders].map(([path, { bytes, files, why }]) => ({
      path,
      detail: `${path} adds ${formatBytes(bytes)} in ${formatCount(files, 'file')}: ${why}.`,
    }));
    return [...folders, ...this.#files];
  }

  #addFile(path: string, name: string, size: number): void {
    const secret = SECRET_NAMES.find(([pattern]) => pattern.test(name));
    if (secret !== undefined) this.#warn(path, `${path} would be in the context: ${secret[1]}.`);
    else if (KEY_FILE.test(name)) this.#keys.push(path);
    else if (size >= LARGE_BYTES) {
      this.#warn(path, `${path} is ${formatBytes(size)}: a large file slows every build that copies it.`);
    }
  }

  #addToFolder(parts: readonly string[], size: number): void {
    const path = parts.join('/');
    const folder = this.#folders.get(path) ?? { bytes: 0, files: 0, why: FOLDERS[parts.at(-1) ?? ''] ?? '' };
    folder.bytes += size;
    folder.files += 1;
    this.#folders.set(path, folder);
  }

  #warn(path: string, detail: string): void {
    this.#files.push({ path, detail });
  }
}

async function holdsPrivateKey(path: string): Promise<boolean> {
  // A file that cannot be read makes the build itself fail, with its own words.
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES);
    return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}
