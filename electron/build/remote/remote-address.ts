import { AppError } from '#shared/errors/app-error.ts';

/** What is fetched from a git repository. */
export interface GitAddress {
  /** What git is given: never with a user's password in messages, see {@link hidePassword}. */
  readonly remote: string;
  /** Branch, tag or commit; null for the default branch. */
  readonly ref: string | null;
  /** Clean path of a folder in it; empty for all. */
  readonly subdir: string;
  /** Set by the address itself. */
  readonly keepGitDir: boolean | undefined;
  readonly submodules: boolean;
  /** Beginning of the commit that must be found. */
  readonly checksum: string | undefined;
}

/** Where ADD fetches from. */
export type RemoteAddress =
  | { readonly kind: 'http'; readonly url: URL }
  | ({ readonly kind: 'git' } & GitAddress);

const SCP_STYLE = /^[a-zA-Z0-9_.-]+@[a-zA-Z0-9.-]+:(?!\/\/)/;
const QUERY_KEYS = ['ref', 'tag', 'branch', 'subdir', 'keep-git-dir', 'submodules', 'checksum', 'commit'];

/** Whether ADD would fetch a source. */
export function isRemoteAddress(source: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(source) || SCP_STYLE.test(source);
}

/**
 * Reads an address as BuildKit does: http(s) is a git repository when its path ends with `.git`; behind `#` stand
 * ref and folder (`#v1.2:docs`), or they stand in the query (`?ref=v1.2&subdir=docs`). Null for what is no address.
 * Throws `invalid-input`.
 */
export function parseRemoteAddress(source: string): RemoteAddress | null {
  if (!isRemoteAddress(source)) return null;
  if (SCP_STYLE.test(source)) return gitAddress(source.replace(/#.*$/s, ''), fragmentOf(source), null);
  if (!URL.canParse(source)) {
    throw new AppError('invalid-input', `"${hidePassword(source)}" is not an address.`, {
      hint: 'Write it like https://example.com/file.tar.gz or https://example.com/repo.git#v1.0.',
    });
  }
  const url = new URL(source);
  const isHttp = /^https?:$/.test(url.protocol);
  if (isHttp && !url.pathname.endsWith('.git')) return { kind: 'http', url };
  const remote = source.replace(/#.*$/s, '').replace(/\?.*$/s, '');
  return gitAddress(remote, fragmentOf(source), url.searchParams);
}

/** The address without what stands for a password in it. */
export function hidePassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/[^/@]*?):[^/@]*@/i, '$1:***@');
}

function fragmentOf(source: string): string {
  const hash = source.indexOf('#');
  return hash < 0 ? '' : source.slice(hash + 1);
}

function gitAddress(remote: string, fragment: string, query: URLSearchParams | null): RemoteAddress {
  const [fragmentRef = '', fragmentFolder = ''] = cut(fragment, ':');
  const asked = (name: string) => query?.get(name) ?? undefined;
  for (const name of query?.keys() ?? []) {
    if (QUERY_KEYS.includes(name)) continue;
    throw new AppError('invalid-input', `"${name}" is no option of a git address.`, {
      hint: `There are ${QUERY_KEYS.join(', ')}.`,
    });
  }
  const ref = asked('ref') ?? asked('tag') ?? asked('branch') ?? asked('commit') ?? decode(fragmentRef);
  const folder = asked('subdir') ?? decode(fragmentFolder);
  // Git would take them for options.
  if (ref.startsWith('-') || remote.startsWith('-'))
    throw new AppError('invalid-input', `"${ref}" cannot be a git reference.`);
  return {
    kind: 'git',
    remote,
    ref: ref === '' ? null : ref,
    subdir: cleanFolder(folder),
    keepGitDir: readSwitch(asked('keep-git-dir')),
    submodules: readSwitch(asked('submodules')) ?? true,
    checksum: asked('checksum') ?? asked('commit'),
  };
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cleanFolder(text: string): string {
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function readSwitch(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === '' || /^(?:1|t|true)$/i.test(text)) return true;
  if (/^(?:0|f|false)$/i.test(text)) return false;
  throw new AppError('invalid-input', `"${text}" is neither true nor false.`);
}
