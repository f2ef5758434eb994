import { AppError } from '#shared/errors/app-error.ts';
import { lacksCredentials } from '#shared/format/hide-credentials.ts';
import { basicAuthorization, percentDecoded } from '../../platform/url-credentials.ts';
import { parseGoBool } from '../dockerfile/go-bool.ts';

/** What is fetched from a git repository. */
export interface GitAddress {
  /** What git is given: over http(s) without a user and a password, which git would write down. */
  readonly remote: string;
  /** What stood there instead, as a header; undefined where nothing did. */
  readonly authorization: string | undefined;
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
 * Throws `invalid-input`, and `unauthorized` for one of a record, which does not hold what it takes to sign in.
 */
export function parseRemoteAddress(source: string): RemoteAddress | null {
  if (!isRemoteAddress(source)) return null;
  refuseHidden(source);
  if (SCP_STYLE.test(source))
    return gitAddress(source.replace(/#.*$/s, ''), undefined, fragmentOf(source), null);
  if (!URL.canParse(source)) {
    // Where the password ends cannot be told: it may hold a slash.
    throw new AppError('invalid-input', `"${source.replace(/:\/\/.*@/s, '://***@')}" is not an address.`, {
      hint: 'Write it like https://example.com/file.tar.gz or https://example.com/repo.git#v1.0, a password with %2F for / and %23 for #.',
    });
  }
  const url = new URL(source);
  const isHttp = /^https?:$/.test(url.protocol);
  if (isHttp && !url.pathname.endsWith('.git')) return { kind: 'http', url };
  const remote = source.replace(/#.*$/s, '').replace(/\?.*$/s, '');
  const bare = isHttp ? remote.replace(/:\/\/[^/]*@/, '://') : remote;
  return gitAddress(bare, isHttp ? basicAuthorization(url) : undefined, fragmentOf(source), url.searchParams);
}

/** Throws `unauthorized` where an address of a record stands in a text that is to be used again. */
export function refuseHidden(text: string): void {
  if (!lacksCredentials(text)) return;
  throw new AppError('unauthorized', `The user and the password of ${text} were not kept with its record.`, {
    hint: 'Write the address in full once more, or without them and give the secret GIT_AUTH_TOKEN (git) or HTTP_AUTH_HEADER_HOST (files).',
  });
}

function fragmentOf(source: string): string {
  const hash = source.indexOf('#');
  return hash < 0 ? '' : source.slice(hash + 1);
}

function gitAddress(
  remote: string,
  authorization: string | undefined,
  fragment: string,
  query: URLSearchParams | null,
): RemoteAddress {
  const [fragmentRef = '', fragmentFolder = ''] = cut(fragment, ':');
  const asked = (name: string) => query?.get(name) ?? undefined;
  for (const name of query?.keys() ?? []) {
    if (QUERY_KEYS.includes(name)) continue;
    throw new AppError('invalid-input', `"${name}" is no option of a git address.`, {
      hint: `There are ${QUERY_KEYS.join(', ')}.`,
    });
  }
  const ref =
    asked('ref') ?? asked('tag') ?? asked('branch') ?? asked('commit') ?? percentDecoded(fragmentRef);
  const folder = asked('subdir') ?? percentDecoded(fragmentFolder);
  // Git would take them for options.
  if (ref.startsWith('-') || remote.startsWith('-'))
    throw new AppError('invalid-input', `"${ref}" cannot be a git reference.`);
  return {
    kind: 'git',
    remote,
    authorization,
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
  const value = text === '' ? true : parseGoBool(text);
  if (value !== null) return value;
  throw new AppError('invalid-input', `"${text}" is neither true nor false.`);
}
