import type { CopyInstruction } from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { isRemoteAddress } from '../remote/remote-address.ts';
import { findItems, findItemsWithParents } from './copy-items.ts';
import { heredocItems, prepareFiles, readFileWords } from './files-step.ts';
import type { PreparedStep } from './prepared-step.ts';
import type { StageState } from './stage-state.ts';
import type { StepContext } from './step-context.ts';

/** COPY: from the context, a stage or an image, or from texts written in the Dockerfile. */
export async function prepareCopy(
  instruction: CopyInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const { flags, range, heredocs } = instruction;
  const words = readFileWords(instruction, state, context);
  const address = words.sources.find(isRemoteAddress);
  if (address !== undefined && flags.from === undefined) {
    const place = { path: context.dockerfile.path, range };
    throw sourceError(place, `COPY cannot fetch ${address}.`, 'Write ADD instead of COPY.');
  }
  const paths = flags.parents === true ? undefined : words.sources;
  const tree = words.sources.length === 0 ? null : await context.source(flags.from ?? null, state, paths);
  if (tree !== null && 'unknown' in tree)
    return prepareFiles(instruction, words, { unknown: tree.unknown }, state, context);
  const found =
    tree === null
      ? []
      : flags.parents === true
        ? findItemsWithParents(tree, words.sources)
        : findItems(tree, words.sources, false);
  const items = [...found, ...heredocItems(heredocs, state)];
  return prepareFiles(instruction, words, { items }, state, context);
}
