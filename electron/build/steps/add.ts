import type { AddInstruction } from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { parseRemoteAddress, type RemoteAddress } from '../remote/remote-address.ts';
import type { RemoteTree, UnknownRemote } from '../remote/remotes.ts';
import { findItems } from './copy-items.ts';
import { heredocItems, prepareFiles, readFileWords } from './files-step.ts';
import type { RemoteFiles } from './listed-files.ts';
import type { PreparedStep } from './prepared-step.ts';
import type { StageState } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';

/** ADD: as COPY from the context, but archives are unpacked, and http(s) and git addresses are fetched. */
export async function prepareAdd(
  instruction: AddInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const { flags, heredocs } = instruction;
  const words = readFileWords(instruction, state, context);
  const checksum = readChecksum(instruction, words.sources, state, context);
  const items = [...heredocItems(heredocs, state)];
  const remote: RemoteFiles[] = [];
  for (const source of words.sources) {
    const address = parseRemoteAddress(source);
    if (address === null) {
      const tree = await context.source(null, state);
      if ('unknown' in tree) return prepareFiles(instruction, words, tree, state, context);
      items.push(...findItems(tree, [source], flags.unpack ?? true));
      continue;
    }
    const found = await findRemote(address, checksum, flags.keepGitDir, context);
    if ('unknown' in found) return prepareFiles(instruction, words, found, state, context);
    remote.push(remoteFiles(found, address.kind === 'http' && flags.unpack === true));
  }
  return prepareFiles(instruction, words, { items, remote }, state, context);
}

/** `--checksum` with its variables replaced: hex of a sha256, or of the beginning of a commit. */
function readChecksum(
  { flags, range }: AddInstruction,
  sources: readonly string[],
  state: StageState,
  context: StepContext,
): string | undefined {
  if (flags.checksum === undefined) return undefined;
  const refuse = (message: string, hint: string) =>
    sourceError({ path: context.dockerfile.path, range }, message, hint);
  const [source] = sources;
  const address = source === undefined ? null : parseRemoteAddress(source);
  if (sources.length !== 1 || address === null)
    throw refuse(
      '--checksum works for one http(s) or git source alone.',
      'Add each source by an ADD of its own.',
    );
  const text = expander(context, state, range)(flags.checksum);
  if (address.kind === 'git' && /^[0-9a-f]+$/.test(text)) return text;
  if (address.kind === 'http' && /^sha256:[0-9a-f]{64}$/.test(text)) return text.slice('sha256:'.length);
  throw refuse(
    `"${text}" is not a checksum for ${source}.`,
    address.kind === 'git' ? 'Write the hex digits of the commit.' : 'Write sha256: and 64 hex digits.',
  );
}

function findRemote(
  address: RemoteAddress,
  checksum: string | undefined,
  keepGitDir: boolean | undefined,
  { remotes }: StepContext,
): Promise<RemoteTree | UnknownRemote> {
  if (address.kind === 'http') return remotes.file(address.url, checksum);
  const wanted = { ...address, checksum: checksum ?? address.checksum };
  return remotes.git(wanted, keepGitDir ?? address.keepGitDir ?? false);
}

/** A file over http goes by its name, a repository gives its contents. */
function remoteFiles({ listed, open }: RemoteTree, unpack: boolean): RemoteFiles {
  return {
    listed,
    open: async () => {
      const { tree, close } = await open();
      const root = tree.get('');
      const nodes = root === undefined ? tree.children('') : [root];
      const items = Array.from(nodes, (node) => ({ tree, node, name: node.path, unpack }));
      return { items, close };
    },
  };
}
