import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { StackTree } from '../../image/stack-tree.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { AddInstruction, CopyInstruction, Heredoc } from '../dockerfile/ast.ts';
import { expandWord } from '../dockerfile/expand.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { addArchive, openArchives } from './add-archive.ts';
import { type CopyItem, type CopyOptions, copyFiles } from './copy-files.ts';
import { excludeTest, type PathTest } from './copy-items.ts';
import { heredocSource } from './heredoc-source.ts';
import { LayerDraft } from './layer-draft.ts';
import { listFiles, type RemoteFiles } from './listed-files.ts';
import { changeMode, resolveOwner } from './owner.ts';
import type { PreparedStep } from './prepared-step.ts';
import { inWorkdir, type StageState } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';

/** The words of COPY or ADD with their variables replaced. */
export interface FileWords {
  readonly sources: readonly string[];
  readonly destination: string;
  readonly chown: string | undefined;
  readonly chmod: string | undefined;
}

/** What COPY or ADD takes, or why that cannot be known in a prediction. */
export type FoundFiles =
  | { readonly items: readonly CopyItem[]; readonly remote?: readonly RemoteFiles[] }
  | { readonly unknown: string };

/** Expands the words. Throws `dockerfile-invalid` for what is no mode. */
export function readFileWords(
  instruction: CopyInstruction | AddInstruction,
  state: StageState,
  context: StepContext,
): FileWords {
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

/** Texts written in the Dockerfile as files to copy. */
export function heredocItems(heredocs: readonly Heredoc[], state: StageState): CopyItem[] {
  if (heredocs.length === 0) return [];
  const lookup = (name: string) => state.variables.get(name);
  const tree = heredocSource(heredocs, (text) => expandWord(text, lookup, { literalQuotes: true }));
  return Array.from(tree.children(''), (node) => ({ tree, node, name: node.path, unpack: false }));
}

/** COPY or ADD made ready from what its sources found. */
export async function prepareFiles(
  instruction: CopyInstruction | AddInstruction,
  words: FileWords,
  found: FoundFiles,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const text = describeFiles(instruction, words);
  const step = {
    fields: {
      instruction: text,
      ...(context.epoch === null ? {} : { epoch: String(context.epoch) }),
      ...absoluteTarget(state, words.destination),
    },
    // A mode needs nothing of the file system either, but BuildKit lets --chmod win over --link.
    standsAlone: isLinked(instruction, words) && isNumericOwner(words.chown),
    createdBy: text,
    apply: (before: StageState) => before,
  };
  if ('unknown' in found) return { ...step, listing: null, unknown: found.unknown };
  const { items, remote = [] } = found;
  const excludes = excludeTest(instruction.flags.exclude);
  const listed = await listFiles(found, instruction.flags.exclude, context.signal);
  return {
    ...step,
    fields: { ...step.fields, sources: listed.digest },
    listing: listed.tell,
    makeLayer: (before, earlier) =>
      withRemote(items, remote, (all) => {
        const files = { ...words, excludes, linked: isLinked(instruction, words) };
        return makeFilesLayer(all, files, { before, earlier }, context);
      }),
  };
}

function isLinked({ flags }: CopyInstruction | AddInstruction, { chmod }: FileWords): boolean {
  return flags.link === true && chmod === undefined;
}

/** Names of users are looked up in the image, so the step depends on it. */
function isNumericOwner(chown: string | undefined): boolean {
  return chown === undefined || /^\d*(:\d*)?$/.test(chown);
}

function describeFiles(
  { keyword, flags, heredocs }: CopyInstruction | AddInstruction,
  { sources, destination, chown, chmod }: FileWords,
): string {
  const shown = { ...flags, chown, chmod };
  return [
    keyword,
    ...Object.entries(shown).flatMap(([name, value]) => describeFlag(name, value)),
    // What a server gives is told by its digest, not by who asks for it.
    ...sources.map(hideCredentials),
    ...heredocs.map((heredoc) => `<<${heredoc.name}`),
    destination,
  ].join(' ');
}

function describeFlag(name: string, value: string | boolean | readonly string[] | undefined): string[] {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? flag : `${flag}=false`];
  return (typeof value === 'string' ? [value] : value).map((one) => `${flag}=${one}`);
}

async function withRemote<T>(
  items: readonly CopyItem[],
  remote: readonly RemoteFiles[],
  use: (items: readonly CopyItem[]) => Promise<T>,
): Promise<T> {
  const opened: Awaited<ReturnType<RemoteFiles['open']>>[] = [];
  try {
    for (const files of remote) opened.push(await files.open());
    return await use([...items, ...opened.flatMap((one) => one.items)]);
  } finally {
    await Promise.all(opened.map((one) => one.close()));
  }
}

type LayerFiles = FileWords & { readonly excludes: PathTest; readonly linked: boolean };

async function makeFilesLayer(
  items: readonly CopyItem[],
  files: LayerFiles,
  { before, earlier }: { readonly before: StageState; readonly earlier: LayerRecord | null },
  context: StepContext,
): Promise<LayerRecord | null> {
  // What is linked goes into an empty root: nothing that is there is followed or looked at.
  const below = files.linked ? new StackTree() : await context.tree(before);
  const draft = new LayerDraft(below, context.epoch ?? 0);
  const { chown, chmod } = files;
  const options: CopyOptions = {
    owner: chown === undefined ? null : await resolveOwner(chown, before, context),
    changeMode:
      chmod === undefined ? null : (mode, isDirectory) => changeMode(chmod, mode, isDirectory) ?? mode,
    excludes: files.excludes,
    signal: context.signal,
  };
  const destination = absoluteDestination(before, files.destination);
  const archives = await openArchives(
    items.filter((item) => item.unpack),
    context,
  );
  try {
    for (const item of items) {
      const archive = archives.get(item);
      if (archive !== undefined) addArchive(draft, archive, destination, options.owner);
      else await copyFiles(draft, [item], destination, options);
    }
    if (draft.isEmpty) return null;
    const expected =
      archives.size === 0
        ? { count: draft.count, sample: (most: number) => draft.sample(most), earlier }
        : undefined;
    return await context.writeLayer((writer) => draft.write(writer), expected);
  } finally {
    await Promise.all([...archives.values()].map((archive) => archive.close()));
  }
}

/** A folder alone is one without a word more; `/x/.` is the file /x where there is no folder. */
function absoluteDestination(state: StageState, destination: string): string {
  const path = inWorkdir(state, destination);
  return destination === '.' || destination === '' ? `${path}/` : path;
}

/** A relative destination depends on WORKDIR, so that counts too. */
function absoluteTarget(state: StageState, destination: string): { workdir?: string } {
  return destination.startsWith('/') ? {} : { workdir: state.runtime.workingDir || '/' };
}
