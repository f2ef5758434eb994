import { listingDigest, type SourceListing } from '../cache/source-listing.ts';
import { createIgnoreMatcher, parseExcludes } from '../context/ignore.ts';
import type { CopyInstruction, Heredoc } from '../dockerfile/ast.ts';
import { expandWord } from '../dockerfile/expand.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { matchSources } from '../sources/match-sources.ts';
import { type SourceNode, walkTree } from '../sources/source-tree.ts';
import { addArchive, openArchives } from './add-archive.ts';
import { type CopyItem, type CopyOptions, copyFiles } from './copy-files.ts';
import { heredocSource } from './heredoc-source.ts';
import { LayerDraft } from './layer-draft.ts';
import { changeMode, resolveOwner } from './owner.ts';
import type { PreparedStep } from './prepared-step.ts';
import { inWorkdir, type StageState } from './stage-state.ts';
import { expander, notBuiltYet, type StepContext } from './step-context.ts';

/** COPY: from the context, a stage or an image, or from texts written in the Dockerfile. */
export function prepareCopy(
  instruction: CopyInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const { flags, range } = instruction;
  if (flags.parents === true) throw notBuiltYet(context, range, 'COPY --parents');
  return prepareFiles({ ...instruction, from: flags.from ?? null, unpack: false }, state, context);
}

/** What COPY and ADD have in common. */
type FilesInstruction = Pick<CopyInstruction, 'range' | 'sources' | 'heredocs' | 'destination'> & {
  readonly keyword: 'COPY' | 'ADD';
  readonly flags: Pick<CopyInstruction['flags'], 'chown' | 'chmod' | 'exclude'>;
  /** Stage or image; null is the build context. */
  readonly from: string | null;
  /** Unpack files that are archives. */
  readonly unpack: boolean;
};

/** Makes COPY or ADD ready: finds the sources and what they hold. */
export async function prepareFiles(
  instruction: FilesInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const files = expandFiles(instruction, state, context);
  const text = describeFiles(instruction, files);
  const fields = {
    instruction: text,
    ...(context.epoch === null ? {} : { epoch: String(context.epoch) }),
    ...absoluteTarget(state, files.destination),
  };
  const described = { createdBy: text, apply: (before: StageState) => before };
  const tree = await context.source(instruction.from, state);
  if ('unknown' in tree) return { fields, listing: null, unknown: tree.unknown, ...described };

  const items = files.sources.flatMap((source) =>
    matchSources(tree, source).map((match) => ({ ...match, tree })),
  );
  items.push(...heredocItems(instruction.heredocs, state));
  const excludes = excludeMatcher(instruction.flags.exclude);
  const listing = await listItems(items, excludes, context.signal);
  return {
    fields: { ...fields, sources: listingDigest(listing) },
    listing,
    ...described,
    makeLayer: (before) =>
      makeFilesLayer(items, { ...files, unpack: instruction.unpack, excludes }, before, context),
  };
}

/** The words of the instruction with their variables replaced. */
interface ExpandedFiles {
  readonly sources: readonly string[];
  readonly destination: string;
  readonly chown: string | undefined;
  readonly chmod: string | undefined;
}

function expandFiles(instruction: FilesInstruction, state: StageState, context: StepContext): ExpandedFiles {
  const expand = expander(context, state, instruction.range);
  const { chown, chmod } = instruction.flags;
  const mode = chmod === undefined ? undefined : expand(chmod);
  if (mode !== undefined && changeMode(mode, 0, false) === null) {
    const place = { path: context.dockerfile.path, range: instruction.range };
    throw sourceError(place, `"${mode}" is not a mode.`, 'Write it in octal such as 755, or like u+x,go-w.');
  }
  return {
    sources: instruction.sources.map(expand),
    destination: expand(instruction.destination),
    chown: chown === undefined ? undefined : expand(chown),
    chmod: mode,
  };
}

function describeFiles(
  instruction: FilesInstruction,
  { sources, destination, chown, chmod }: ExpandedFiles,
): string {
  return [
    instruction.keyword,
    ...(instruction.from === null ? [] : [`--from=${instruction.from}`]),
    ...(chown === undefined ? [] : [`--chown=${chown}`]),
    ...(chmod === undefined ? [] : [`--chmod=${chmod}`]),
    ...instruction.flags.exclude.map((pattern) => `--exclude=${pattern}`),
    ...sources,
    ...instruction.heredocs.map((heredoc) => `<<${heredoc.name}`),
    destination,
  ].join(' ');
}

function heredocItems(heredocs: readonly Heredoc[], state: StageState): CopyItem[] {
  if (heredocs.length === 0) return [];
  const lookup = (name: string) => state.variables.get(name);
  const tree = heredocSource(heredocs, (text) => expandWord(text, lookup, { literalQuotes: true }));
  return tree.names('').flatMap((name) => {
    const node = tree.get(name);
    return node === undefined ? [] : [{ tree, node, name }];
  });
}

type LayerFiles = ExpandedFiles & { readonly unpack: boolean; readonly excludes: CopyOptions['excludes'] };

async function makeFilesLayer(
  items: readonly CopyItem[],
  files: LayerFiles,
  before: StageState,
  context: StepContext,
) {
  const draft = new LayerDraft(await context.tree(before), context.epoch ?? 0);
  const { chown, chmod } = files;
  const options: CopyOptions = {
    owner: chown === undefined ? null : await resolveOwner(chown, before, context),
    changeMode:
      chmod === undefined ? null : (mode, isDirectory) => changeMode(chmod, mode, isDirectory) ?? mode,
    excludes: files.excludes,
    signal: context.signal,
  };
  const destination = inWorkdir(before, files.destination);
  const archives = files.unpack ? await openArchives(items, context) : new Map<CopyItem, never>();
  try {
    const plain = items.filter((item) => !archives.has(item));
    if (plain.length > 0) copyFiles(draft, plain, destination, options, items.length > 1);
    for (const archive of archives.values()) addArchive(draft, archive, destination, options.owner);
    return draft.isEmpty ? null : await context.writeLayer((writer) => draft.write(writer));
  } finally {
    await Promise.all([...archives.values()].map((archive) => archive.close()));
  }
}

/** A relative destination depends on WORKDIR, so that counts too. */
function absoluteTarget(state: StageState, destination: string): { workdir?: string } {
  return destination.startsWith('/') ? {} : { workdir: state.runtime.workingDir || '/' };
}

/** `--exclude` patterns as a test of paths below the source. */
export function excludeMatcher(patterns: readonly string[]): CopyOptions['excludes'] {
  if (patterns.length === 0) return () => false;
  const matcher = createIgnoreMatcher(parseExcludes(patterns));
  return (path) => matcher.ignores(path);
}

/** What each item holds, for the cache key and for telling later what changed. */
export async function listItems(
  items: readonly CopyItem[],
  excludes: CopyOptions['excludes'],
  signal: AbortSignal,
): Promise<SourceListing> {
  const listed = new Map<string, string>();
  for (const tree of new Set(items.map((item) => item.tree))) {
    const nodes = items
      .filter((item) => item.tree === tree)
      .flatMap(({ node }) =>
        [...walkTree(tree, node.path)].filter((found) => isCopied(node.path, found, excludes)),
      );
    for (const { path, identity } of await tree.identify(nodes, signal)) listed.set(path, identity);
  }
  return [...listed]
    .map(([path, identity]) => ({ path, identity }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isCopied(from: string, found: SourceNode, excludes: CopyOptions['excludes']): boolean {
  const below = found.path.slice(from === '' ? 0 : from.length + 1);
  return below === '' || found.type === 'directory' || !excludes(below);
}
