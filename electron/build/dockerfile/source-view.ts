import type { ProjectSource } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Dockerfile } from './ast.ts';
import { checkDockerfile } from './checks/check-dockerfile.ts';
import type { CheckOptions } from './checks/check-options.ts';
import { directiveNotes } from './directive-notes.ts';
import { expandWord } from './expand.ts';
import { parseDockerfile } from './parse.ts';
import { type RunMount, type RunMountFlag, resolveRunMount } from './run-mount.ts';

/** What there is to tell of a text with a syntax error. */
const NOTHING_READ = { instructions: [], stages: [], args: [], secrets: [], checks: [], notes: [] };
const FIRST_LINE = { line: 1, column: 0, endLine: 1, endColumn: 0 };
/** Arguments that the build fills by itself when they are declared. */
const FILLED_BY_BUILD = /^(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT)$|^TARGETSTAGE$/;

/** A Dockerfile as the source view shows it: instructions, stages, arguments and checks, or its first syntax error. */
export function describeSource(
  text: string,
  path: string,
  name: string,
  options: CheckOptions = {},
): ProjectSource {
  try {
    const dockerfile = parseDockerfile(text, name);
    return {
      path,
      name,
      text,
      ...viewOf(dockerfile),
      checks: checkDockerfile(dockerfile, options),
      notes: directiveNotes(dockerfile.directives),
      error: null,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const range = error.detail?.kind === 'source' ? error.detail.range : FIRST_LINE;
    const view = { message: error.message, hint: error.hint, range };
    return { path, name, text, ...NOTHING_READ, error: view };
  }
}

function viewOf(dockerfile: Dockerfile): Pick<ProjectSource, 'instructions' | 'stages' | 'args' | 'secrets'> {
  const defaults = argumentDefaults(dockerfile);
  const inStages = dockerfile.stages.flatMap(({ index, name, from, instructions }) =>
    [from, ...instructions].map(({ keyword, range }) => ({ keyword, range, stage: index, stageName: name })),
  );
  const globals = dockerfile.globalArgs.map(({ keyword, range }) => ({
    keyword,
    range,
    stage: -1,
    stageName: null,
  }));
  return {
    instructions: [...globals, ...inStages],
    stages: dockerfile.stages.map(({ index, name, from }) => ({
      index,
      name,
      base: expandOr(from.image, (variable) => defaults.get(variable) ?? undefined, dockerfile) || from.image,
      line: from.range.line,
    })),
    args: [...defaults]
      .filter(([name]) => !FILLED_BY_BUILD.test(name))
      .map(([name, value]) => ({ name, default: value })),
    secrets: [...secretIds(dockerfile, defaults)],
  };
}

/** Every ARG once, in file order, with the first default it has; null where it has none. */
function argumentDefaults(dockerfile: Dockerfile): Map<string, string | null> {
  const defaults = new Map<string, string | null>();
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, value } of instruction.args) {
      if ((defaults.get(name) ?? null) !== null) continue;
      const lookup = (variable: string): string | undefined => defaults.get(variable) ?? undefined;
      defaults.set(name, value === null ? null : expandOr(value, lookup, dockerfile));
    }
  }
  return defaults;
}

/** The ids of the secrets that RUN steps mount; those of mounts that cannot be read are told by the build. */
function secretIds(dockerfile: Dockerfile, defaults: ReadonlyMap<string, string | null>): Set<string> {
  const ids = new Set<string>();
  const expand = (word: string): string =>
    expandOr(word, (name) => defaults.get(name) ?? undefined, dockerfile);
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== 'RUN') continue;
    for (const flag of instruction.flags.mounts) {
      const mount = mountOr(flag, expand);
      if (mount?.type === 'secret') ids.add(mount.id);
    }
  }
  return ids;
}

function mountOr(flag: RunMountFlag, expand: (word: string) => string): RunMount | null {
  try {
    return resolveRunMount(flag, expand);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The expanded word; the word itself when it cannot be, which the build tells on its own. */
function expandOr(
  word: string,
  lookup: (name: string) => string | undefined,
  dockerfile: Dockerfile,
): string {
  try {
    return expandWord(word, lookup, { escape: dockerfile.directives.escape });
  } catch (error) {
    if (error instanceof AppError) return word;
    throw error;
  }
}
