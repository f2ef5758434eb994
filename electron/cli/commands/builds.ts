import { resolve } from 'node:path';
import type { TraceFormat } from '#shared/contract/builds.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import type { BuildRecords } from '../../engine/ports.ts';
import { traceBuild } from '../../insight/build-trace.ts';
import { compareRecords } from '../../insight/compare-records.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { recordsOf } from '../build-records.ts';
import { findBuild } from '../builds/find-build.ts';
import { printBuild, printBuilds } from '../builds/print-build.ts';
import { printComparison } from '../builds/print-comparison.ts';
import { type Command, type CommandContext, type CommandInput, textOption } from '../command.ts';
import { openCore } from '../core.ts';

type Action = (
  records: BuildRecords,
  words: readonly string[],
  context: CommandContext,
  input: CommandInput,
) => Promise<void>;

/** How each word after `builds` is written, how many arguments it takes, and what it does. */
const ACTIONS: Readonly<Record<string, { usage: string; words: readonly [number, number]; act: Action }>> = {
  show: { usage: 'show ID', words: [1, 1], act: show },
  log: { usage: 'log ID STEP', words: [2, 2], act: log },
  compare: { usage: 'compare FIRST SECOND', words: [2, 2], act: compare },
  trace: { usage: 'trace ID [--format chrome|otlp] -o FILE', words: [1, 1], act: trace },
  rm: { usage: 'rm ID...', words: [1, Number.POSITIVE_INFINITY], act: remove },
};

/** `strata builds`. */
export const builds: Command = {
  usage: `builds [${Object.values(ACTIONS)
    .map(({ usage }) => usage)
    .join(' | ')}]`,
  summary: 'Lists the builds that are kept, newest first, and looks into them. An ID may be shortened.',
  help: [
    ['show ID', 'Steps, times and reasons of a build'],
    ['log ID STEP', 'The whole log of one step, by the number that "show" tells'],
    ['compare FIRST SECOND', 'Two builds step by step: cached or rebuilt, time, size, layer'],
    ['trace ID -o FILE', 'A trace of its stages and steps'],
    ['rm ID...', 'Removes records; images stay'],
    ['-o, --output FILE', 'Where to write the trace'],
    [
      '--format FORM',
      'chrome: for chrome://tracing and Perfetto (default); otlp: for OpenTelemetry collectors',
    ],
  ],
  options: { output: { type: 'string', short: 'o' }, format: { type: 'string' } },
  arity: [0, Number.POSITIVE_INFINITY],
  run: async (input, context) => {
    const [word, ...words] = input.positionals;
    const action = readAction(word, words);
    const records = recordsOf(await openCore(context.env));
    await action(records, words, context, input);
    return undefined;
  },
};

function readAction(word: string | undefined, words: readonly string[]): Action {
  if (word === undefined) return list;
  const action = ACTIONS[word];
  if (action === undefined) {
    throw new AppError('invalid-input', `Nothing is called "${word}" here.`, {
      hint: `Write one of: ${Object.keys(ACTIONS).join(', ')}.`,
    });
  }
  const [fewest, most] = action.words;
  if (words.length >= fewest && words.length <= most) return action.act;
  throw new AppError('invalid-input', 'The number of arguments is not right.', {
    hint: `Usage: strata builds ${action.usage}`,
  });
}

async function list(records: BuildRecords, _words: readonly string[], { output }: CommandContext) {
  const all = await records.list({});
  for (const build of all) output.event({ type: 'build', ...build });
  printBuilds(output, all);
  if (all.length === 0) output.note('No build is kept yet.');
}

async function show(records: BuildRecords, [id = '']: readonly string[], { output }: CommandContext) {
  const build = await records.get(await findBuild(records, id));
  output.event({ type: 'build', ...build });
  if (!output.json) printBuild(output, build);
}

async function log(records: BuildRecords, [id = '', word = '']: readonly string[], context: CommandContext) {
  const build = await records.get(await findBuild(records, id));
  const step = build.stepList.find(({ index }) => String(index) === word);
  if (step === undefined) {
    throw new AppError('not-found', `The build ${build.id} has no step ${word}.`, {
      hint: `Its steps are 0 to ${build.stepList.length - 1}: strata builds show ${build.id}`,
    });
  }
  for (let offset = 0, isOver = false; !isOver; ) {
    const { text, next, done } = await records.log(build.id, step.index, offset);
    context.output.event({ type: 'log', step: step.index, text });
    context.output.raw(text);
    // Of a step that runs, what there is so far.
    isOver = done || text === '';
    offset = next;
  }
}

async function compare(records: BuildRecords, ids: readonly string[], { output }: CommandContext) {
  const [before, after] = [await findBuild(records, ids[0] ?? ''), await findBuild(records, ids[1] ?? '')];
  const comparison = compareRecords(await records.get(before), await records.get(after));
  output.event({ type: 'comparison', ...comparison });
  if (!output.json) printComparison(output, comparison);
}

async function trace(
  records: BuildRecords,
  [id = '']: readonly string[],
  { output, cwd }: CommandContext,
  input: CommandInput,
) {
  const name = textOption(input, 'output') ?? '';
  if (name === '')
    throw new AppError('invalid-input', 'Where to write the trace is missing.', { hint: 'Add -o FILE.' });
  const format = readFormat(textOption(input, 'format') ?? 'chrome');
  const path = resolve(cwd, name);
  const { text } = traceBuild(await records.get(await findBuild(records, id)), format);
  await writeFileAtomic(path, text);
  const bytes = Buffer.byteLength(text);
  output.event({ type: 'finished', ok: true, path, bytes });
  const next =
    format === 'chrome' ? 'Open it in chrome://tracing.' : 'Send it to a collector, at /v1/traces.';
  output.line(`Wrote ${path}, ${formatBytes(bytes)}. ${next}`);
}

function readFormat(text: string): TraceFormat {
  if (text === 'chrome' || text === 'otlp') return text;
  throw new AppError('invalid-input', `There is no form of trace called "${text}".`, {
    hint: 'Write --format chrome or --format otlp.',
  });
}

async function remove(records: BuildRecords, words: readonly string[], { output }: CommandContext) {
  const ids: string[] = [];
  for (const word of words) ids.push(await findBuild(records, word));
  await records.remove(ids);
  output.event({ type: 'finished', ok: true, removed: ids });
  output.line(`Removed ${formatCount(ids.length, 'record')}.`);
}
