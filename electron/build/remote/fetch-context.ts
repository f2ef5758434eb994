import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatCount } from '#shared/format/count.ts';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { writeError } from '../../platform/file-errors.ts';
import { processIdentity } from '../../platform/process-identity.ts';
import { detectPacking, PACKING_HEAD, unpackArchive } from '../archive-packing.ts';
import type { ContextPlace } from '../context-place.ts';
import { parseGoBool } from '../dockerfile/go-bool.ts';
import { createBuildSecrets } from '../inputs/build-secrets.ts';
import { createSshAgents } from '../inputs/ssh-agents.ts';
import { committedAttributes } from './git-checkout.ts';
import { type GitAddress, parseRemoteAddress } from './remote-address.ts';
import { Remotes } from './remotes.ts';
import { unpackContext } from './unpack-context.ts';

/** A context that lies on this machine until it is closed. */
export interface FetchedContext {
  /** As it is shown and recorded: the address without a password, or `-`. */
  readonly contextPath: string;
  /** What the build is called. */
  readonly name: string;
  readonly place: ContextPlace;
  /** Sentences on what was found, for people. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** What is fetched, and with what. */
export interface ContextOrder {
  /** `-` or an address for a context that is fetched; the absolute path of a folder when only the Dockerfile is. */
  readonly context: string;
  readonly options: BuildOptions;
  /** Standard input. It is read at most once. */
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly downloadsFolder: string;
  /** For temporary files; made when it is missing. */
  readonly scratchFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Larger text is no Dockerfile. */
const MAX_DOCKERFILE = 1024 * 1024;
const INPUT = '-';

/**
 * Brings the context of a build here, and its Dockerfile where `-f` names standard input or an address: a commit of a
 * git repository, an archive (tar, also packed by gzip, bzip2, xz or zstd) or the text of a Dockerfile alone. Throws
 * `invalid-input`, `not-found`, `malformed`, `unsafe-archive`, `digest-mismatch`, `cancelled` and what fetching may
 * cause.
 */
export async function fetchContext(order: ContextOrder): Promise<FetchedContext> {
  const { context, options, scratchFolder, signal, env } = order;
  if (context === INPUT && options.dockerfile === INPUT) throw inputTwice();
  const remotes = new Remotes({
    folder: order.downloadsFolder,
    scratchFolder,
    signal,
    secrets: createBuildSecrets(options.secrets ?? [], scratchFolder, env),
    agents: createSshAgents(agentsFor(context, options), env),
    mayFetch: true,
  });
  await mkdir(scratchFolder, { recursive: true }).catch((error) => {
    throw writeError(error, scratchFolder);
  });
  const top = await mkdtemp(join(scratchFolder, `run.${processIdentity()}.context-`));
  const closing: (() => Promise<void>)[] = [() => rm(top, { recursive: true, force: true })];
  const close = async () => {
    await Promise.all(closing.splice(0).map((one) => one()));
  };
  try {
    const found = await bring(order, { remotes, top, closing });
    const dockerfile = await readApart(found.contextPath, order, remotes);
    const place = dockerfile === null ? found.place : { ...found.place, dockerfile };
    const notes = [...found.notes, ...(await ignoreNotes(place))];
    return { ...found, place, notes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** People who know ignore files of folders would not expect it. */
async function ignoreNotes({ folder, isFetched }: ContextPlace): Promise<string[]> {
  const hasIgnoreFile = isFetched && (await lstat(join(folder, '.dockerignore')).catch(() => null)) !== null;
  return hasIgnoreFile
    ? ['The context is taken whole: as in BuildKit, .dockerignore counts for folders of this machine only.']
    : [];
}

interface Work {
  readonly remotes: Remotes;
  readonly top: string;
  readonly closing: (() => Promise<void>)[];
}

async function bring(order: ContextOrder, work: Work): Promise<Omit<FetchedContext, 'close'>> {
  const { context } = order;
  if (isAbsolute(context)) {
    const place = { folder: context, isFetched: false };
    return { contextPath: context, name: basename(context), place, notes: [] };
  }
  if (context === INPUT) {
    const spooled = join(work.top, 'input');
    await pipeline(order.input(), createWriteStream(spooled), { signal: order.signal });
    return layOut(INPUT, 'input', () => createReadStream(spooled), order, work);
  }
  const address = parseRemoteAddress(withScheme(context));
  if (address?.kind === 'git') return bringCommit(context, address, order, work);
  if (address === null) throw new AppError('invalid-input', `"${context}" is not an address.`);
  const { name, read } = await fetchFile(address.url, work.remotes, order.signal);
  return layOut(hideCredentials(context), name, read, order, work);
}

/** One file of a server, here to be read. */
async function fetchFile(
  url: URL,
  remotes: Remotes,
  signal: AbortSignal,
): Promise<{ readonly name: string; read(): AsyncIterable<Uint8Array> }> {
  const remote = await remotes.file(url, undefined);
  if ('unknown' in remote) throw new AppError('internal', remote.unknown);
  const { tree } = await remote.open();
  const [node] = tree.children('');
  if (node === undefined) throw new AppError('internal', `${url.href} was fetched, but is not there.`);
  return { name: node.path, read: () => tree.read(node, signal) as AsyncIterable<Uint8Array> };
}

async function bringCommit(
  context: string,
  address: GitAddress,
  { options, signal }: ContextOrder,
  { remotes, closing }: Work,
): Promise<Omit<FetchedContext, 'close'>> {
  // As in BuildKit: what is no such word counts as none, and the argument does not take back what the address asks for.
  const keeps = parseGoBool(options.buildArgs.BUILDKIT_CONTEXT_KEEP_GIT_DIR ?? '') === true;
  const { folder, mtime, commit, remove } = await remotes.checkOut(
    address,
    address.keepGitDir === true || keeps,
  );
  closing.push(remove);
  signal.throwIfAborted();
  return {
    contextPath: hideCredentials(context),
    name: basename(address.remote.replace(/^.*:/s, '')).replace(/\.git$/, '') || 'context',
    place: { folder, isFetched: true, attributesOf: committedAttributes(mtime), epoch: mtime },
    notes: [`The context is commit ${commit}.`],
  };
}

/** An archive is unpacked; anything else is the Dockerfile of a context that has no other file. */
async function layOut(
  contextPath: string,
  fileName: string,
  read: () => AsyncIterable<Uint8Array>,
  { signal }: ContextOrder,
  { top }: Work,
): Promise<Omit<FetchedContext, 'close'>> {
  const folder = join(top, 'files');
  await mkdir(folder);
  const name =
    fileName.replace(/(?:\.(?:tar|tgz|tbz2?|txz|tzst))?(?:\.(?:gz|bz2|xz|zst))?$/i, '') || 'context';
  const packing = detectPacking(await firstBytes(read()));
  if (packing === null) {
    const text = await readText(read(), contextPath);
    const place = { folder, isFetched: true, dockerfile: { path: contextPath, text } };
    return { contextPath, name, place, notes: [] };
  }
  const { attributes, leftOut } = await unpackContext(unpackArchive(read(), packing, signal), folder, signal);
  const what = formatCount(leftOut, 'device, pipe or socket', 'devices, pipes and sockets');
  const notes = leftOut === 0 ? [] : [`Left out of the context: ${what} of the archive.`];
  const attributesOf: ContextPlace['attributesOf'] = ({ path, mode }) =>
    attributes.get(path) ?? { mode, uid: 0, gid: 0 };
  return { contextPath, name, place: { folder, isFetched: true, attributesOf }, notes };
}

/** The Dockerfile that `-f` names, where it is no file of the context. */
async function readApart(
  contextPath: string,
  { options, input, signal }: ContextOrder,
  remotes: Remotes,
): Promise<ContextPlace['dockerfile'] | null> {
  const { dockerfile } = options;
  if (dockerfile === INPUT)
    return { path: `${contextPath}/${INPUT}`, text: await readText(input(), 'standard input') };
  if (dockerfile === undefined || !/^https?:\/\//i.test(dockerfile)) return null;
  const address = parseRemoteAddress(dockerfile);
  if (address?.kind !== 'http')
    throw new AppError('invalid-input', `${dockerfile} is a repository and no Dockerfile.`, {
      hint: 'Name the repository as CONTEXT, and the Dockerfile in it by its path.',
    });
  const { read } = await fetchFile(address.url, remotes, signal);
  const path = hideCredentials(dockerfile);
  return { path, text: await readText(read(), path) };
}

async function firstBytes(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= PACKING_HEAD) break;
  }
  return Buffer.concat(parts).subarray(0, PACKING_HEAD);
}

async function readText(bytes: AsyncIterable<Uint8Array>, from: string): Promise<string> {
  async function* limited() {
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > MAX_DOCKERFILE || chunk.includes(0)) throw noDockerfile(from);
      yield chunk;
    }
  }
  return (await buffer(limited())).toString('utf8');
}

/** `github.com/user/repo#ref` is a repository, as docker reads it. */
export function withScheme(address: string): string {
  return address.replace(/^(github\.com\/[^#?]+?)(?:\.git)?\/?(?=[#?]|$)/, 'https://$1.git');
}

/** The agent of the user signs in to a repository that is reached by ssh, also where `--ssh` is not given. */
function agentsFor(context: string, { ssh = [] }: BuildOptions): NonNullable<BuildOptions['ssh']> {
  const isSsh = /^ssh:\/\//i.test(context) || /^[^/]+@/.test(context);
  return ssh.length === 0 && isSsh ? [{ id: 'default' }] : ssh;
}

function inputTwice(): AppError {
  return new AppError('invalid-input', 'Standard input cannot be both the context and the Dockerfile.', {
    hint: 'Put the Dockerfile into the archive, or name a folder as the context.',
  });
}

function noDockerfile(from: string): AppError {
  const what = from === INPUT ? 'Standard input' : from;
  return new AppError('malformed', `${what} is neither an archive nor the text of a Dockerfile.`, {
    hint: 'Give a tar, plain or packed by gzip, bzip2, xz or zstd, or a Dockerfile.',
  });
}
