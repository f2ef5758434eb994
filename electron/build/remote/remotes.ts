import { posix } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import type { ListedSource } from '../cache/source-listing.ts';
import { FileDigests } from '../context/file-digests.ts';
import { scanContext } from '../context/scan-context.ts';
import type { BuildSecrets } from '../inputs/build-secrets.ts';
import type { SshAgents } from '../inputs/ssh-agents.ts';
import { ContextSource } from '../sources/context-source.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { type DownloadedFile, Downloads } from './downloads.ts';
import { fileTree } from './file-tree.ts';
import {
  checkOut,
  committedAttributes,
  findCommit,
  type GitCheckout,
  type GitOptions,
  isCommit,
} from './git-checkout.ts';
import type { GitAccess } from './git-process.ts';
import type { GitAddress } from './remote-address.ts';

/** Files elsewhere: what they are is known, they are brought here when they are needed. */
export interface RemoteTree {
  readonly listed: ListedSource;
  /** Throws what fetching throws. */
  open(): Promise<{ readonly tree: SourceTree; close(): Promise<void> }>;
}

/** What a prediction cannot know without asking a server. */
export interface UnknownRemote {
  readonly unknown: string;
}

export interface RemoteOptions {
  /** Where downloads are kept. */
  readonly folder: string;
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
  readonly secrets: BuildSecrets;
  readonly agents: SshAgents;
  /** False in a prediction: no server is asked. */
  readonly mayFetch: boolean;
}

/** What a build fetches for ADD. Each address is asked once. */
export class Remotes {
  readonly #options: RemoteOptions;
  readonly #downloads: Downloads;
  readonly #files = new Map<string, Promise<DownloadedFile>>();
  readonly #commits = new Map<string, Promise<string>>();
  readonly #contexts = new Map<string, Promise<SourceTree | UnknownRemote>>();
  readonly #opened: (() => Promise<void>)[] = [];

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#downloads = new Downloads(options.folder);
  }

  /**
   * A file over http(s), as a tree with that file alone: mode 0600, the time that the server tells. With the sha256
   * that it must have (hex) a file that was fetched before is not asked for again. Throws `digest-mismatch`.
   */
  async file(url: URL, sha256: string | undefined): Promise<RemoteTree | UnknownRemote> {
    const kept = sha256 === undefined ? null : await this.#downloads.find(sha256);
    if (sha256 === undefined && !this.#options.mayFetch) return notAsked(url.href);
    const fetched = async () => kept ?? this.#fetch(url, sha256);
    const digest = sha256 ?? (await fetched()).sha256;
    const name = nameOf(url);
    return {
      listed: { path: hideCredentials(url.href), identity: `f600 ${digest}` },
      open: async () => {
        const file = await fetched();
        const node = {
          path: name,
          type: 'file',
          mode: 0o600,
          uid: 0,
          gid: 0,
          size: file.size,
          mtime: file.mtime,
        } as const;
        const tree = fileTree(hideCredentials(url.href), node, digest, () => this.#downloads.open(file));
        return { tree, close: async () => undefined };
      },
    };
  }

  /** The files of a git repository. Throws `digest-mismatch` for another commit than `checksum` begins. */
  async git(address: GitAddress, keepGitDir: boolean): Promise<RemoteTree | UnknownRemote> {
    if (!isCommit(address.ref) && !this.#options.mayFetch) return notAsked(address.remote);
    const commit = await this.#checkedCommit(address);
    const shown = `${hideCredentials(address.remote)}#${address.ref ?? 'HEAD'}${address.subdir === '' ? '' : `:${address.subdir}`}`;
    return {
      listed: {
        path: shown,
        identity: `g${keepGitDir ? '1' : '0'}${address.submodules ? '1' : '0'} ${commit}`,
      },
      open: async () => {
        const checkout = await checkOut(address, commit, keepGitDir, await this.#gitOptions(address));
        try {
          const listing = await scanContext(checkout.folder, { signal: this.#options.signal });
          const tree = new ContextSource(listing, new FileDigests(), {
            title: shown,
            attributesOf: committedAttributes(checkout.mtime),
          });
          return { tree, close: checkout.remove };
        } catch (error) {
          await checkout.remove();
          throw error;
        }
      },
    };
  }

  /** The files of a git repository in a folder, with the commit they are of. Throws as {@link git} does. */
  async checkOut(
    address: GitAddress,
    keepGitDir: boolean,
  ): Promise<GitCheckout & { readonly commit: string }> {
    const commit = await this.#checkedCommit(address);
    const checkout = await checkOut(address, commit, keepGitDir, await this.#gitOptions(address));
    return { ...checkout, commit };
  }

  /** The commit that an address names. Throws `digest-mismatch` for another one than its checksum begins. */
  async #checkedCommit(address: GitAddress): Promise<string> {
    const commit = await this.#commit(address);
    const { checksum } = address;
    if (checksum === undefined || commit.startsWith(checksum)) return commit;
    throw new AppError('digest-mismatch', `${address.remote} is at commit ${commit}, not at ${checksum}.`, {
      hint: 'If the change is meant, write the new commit in its place.',
      detail: { kind: 'digest', expected: checksum, actual: commit },
    });
  }

  /** The files of a git repository as a build context, here until {@link close}. Throws as {@link git} does. */
  context(address: GitAddress): Promise<SourceTree | UnknownRemote> {
    const key = JSON.stringify(address);
    const known = this.#contexts.get(key) ?? this.#openContext(address);
    this.#contexts.set(key, known);
    return known;
  }

  async #openContext(address: GitAddress): Promise<SourceTree | UnknownRemote> {
    if (!this.#options.mayFetch) return notAsked(address.remote);
    const found = await this.git(address, address.keepGitDir ?? false);
    if ('unknown' in found) return found;
    const { tree, close } = await found.open();
    this.#opened.push(close);
    return tree;
  }

  /** Removes what was brought here for the build alone. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((close) => close()));
  }

  async #fetch(url: URL, sha256: string | undefined): Promise<DownloadedFile> {
    const { signal } = this.#options;
    const running =
      this.#files.get(url.href) ?? this.#downloads.fetch(url, { signal, headers: await this.#headers(url) });
    this.#files.set(url.href, running);
    const file = await running;
    if (sha256 === undefined || sha256 === file.sha256) return file;
    throw new AppError('digest-mismatch', `${url.href} has another content than the Dockerfile says.`, {
      hint: 'If the change is meant, write the new checksum into the Dockerfile.',
      detail: { kind: 'digest', expected: `sha256:${sha256}`, actual: `sha256:${file.sha256}` },
    });
  }

  async #headers(url: URL): Promise<Record<string, string>> {
    const header = await this.#secret(`HTTP_AUTH_HEADER_${url.hostname}`);
    if (header !== null) return { authorization: header };
    const token = await this.#secret(`HTTP_AUTH_TOKEN_${url.hostname}`);
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }

  async #commit(address: GitAddress): Promise<string> {
    const key = `${address.remote}\0${address.ref}\0${address.authorization ?? ''}`;
    const running =
      this.#commits.get(key) ?? this.#gitOptions(address).then((options) => findCommit(address, options));
    this.#commits.set(key, running);
    return running;
  }

  async #gitOptions(address: GitAddress): Promise<GitOptions> {
    const { scratchFolder, signal } = this.#options;
    return { scratchFolder, signal, access: await this.#gitAccess(address) };
  }

  async #gitAccess({ remote, authorization }: GitAddress): Promise<GitAccess> {
    if (!/^https?:/i.test(remote))
      return { agent: (await this.#options.agents.socket('default')) ?? undefined };
    const { hostname, origin: scope } = new URL(remote);
    const read = async (name: string) => (await this.#secret(`${name}.${hostname}`)) ?? this.#secret(name);
    const header = await read('GIT_AUTH_HEADER');
    if (header !== null) return { authorization: header, scope };
    const token = await read('GIT_AUTH_TOKEN');
    if (token === null) return { authorization, scope };
    return { authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`, scope };
  }

  async #secret(id: string): Promise<string | null> {
    const bytes = await this.#options.secrets.read(id);
    return bytes === null ? null : Buffer.from(bytes).toString('utf8').trim();
  }
}

function notAsked(address: string): UnknownRemote {
  return {
    unknown: `Whether ${hideCredentials(address)} has changed is seen only when the build asks for it.`,
  };
}

/** The last part of the path, as BuildKit has it. */
function nameOf({ pathname }: URL): string {
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // A stray percent sign stands for itself.
  }
  const name = posix.basename(path);
  return ['', '.', '..'].includes(name) ? '__unnamed__' : name;
}
