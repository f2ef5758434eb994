import type { BuildOptions, ProjectSource } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatCount } from '#shared/format/count.ts';
import { joinQuotedWords, splitQuotedWords } from '#shared/format/quoted-words.ts';
import { parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { givenSecrets, mergeSecrets, type SecretRow, secretProblem } from './secret-rows.ts';

/** One build argument as it is edited. `value` is null while the Dockerfile's own default applies. */
export interface ArgumentRow {
  readonly name: string;
  readonly value: string | null;
  readonly default: string | null;
  /** The Dockerfile declares it; other names are free to edit and to remove. */
  readonly declared: boolean;
}

/** The options dialog's fields as text, before they are valid. */
export interface OptionsForm {
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly target: string;
  readonly platform: string;
  readonly args: readonly ArgumentRow[];
  readonly secrets: readonly SecretRow[];
  readonly noCache: boolean;
  /** Shared caches, separated by spaces. */
  readonly cacheFrom: string;
  readonly cacheTo: string;
  /** Equal input gives an equal image. */
  readonly reproducible: boolean;
  readonly engine: string;
  /** What the dialog has no field for: given back as it is. */
  readonly others: OtherOptions;
}

/** Options that the dialog does not edit; a build of the command line or a file of settings gives them. */
export type OtherOptions = Pick<
  BuildOptions,
  'noCacheFilter' | 'pull' | 'labels' | 'contexts' | 'ssh' | 'allow'
>;

/** What is wrong with the fields, by field; `tags`, `args` and `secrets` by position. Empty when all is well. */
export interface FormProblems {
  readonly dockerfile?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly cacheFrom?: string;
  readonly cacheTo?: string;
  readonly tags: Readonly<Record<number, string>>;
  readonly args: Readonly<Record<number, string>>;
  readonly secrets: Readonly<Record<number, string>>;
}

/** Name that a project's Dockerfile has when nothing else is said. */
export const DEFAULT_DOCKERFILE = 'Dockerfile';

type SourceFacts = Pick<ProjectSource, 'args' | 'stages' | 'secrets'>;

/** The form for remembered options, its arguments and secrets filled from the Dockerfile's declarations. */
export function formOfOptions(options: BuildOptions, source: SourceFacts | null): OptionsForm {
  return {
    dockerfile: options.dockerfile ?? DEFAULT_DOCKERFILE,
    tags: options.tags.length === 0 ? [''] : options.tags,
    target: options.target ?? '',
    platform: options.platform ?? '',
    args: mergeArguments(options.buildArgs, source),
    secrets: mergeSecrets(options.secrets ?? [], source?.secrets ?? []),
    noCache: options.noCache,
    cacheFrom: joinQuotedWords(options.cacheFrom ?? []),
    cacheTo: joinQuotedWords(options.cacheTo ?? []),
    reproducible: options.reproducible === true,
    engine: options.engine,
    others: otherOptions(options),
  };
}

/** The options without a field, in words such as "2 labels"; empty when there is none. */
export function otherOptionWords({ others }: Pick<OptionsForm, 'others'>): readonly string[] {
  const { noCacheFilter, pull, labels, contexts, ssh, allow } = others;
  const counted = [
    [Object.keys(labels ?? {}).length, 'label'],
    [Object.keys(contexts ?? {}).length, 'build context'],
    [ssh?.length ?? 0, 'ssh agent'],
    [noCacheFilter?.length ?? 0, 'stage without cache', 'stages without cache'],
    [allow?.length ?? 0, 'extra right'],
  ] as const;
  return [
    ...counted.filter(([count]) => count > 0).map(([count, one, many]) => formatCount(count, one, many)),
    ...(pull === true ? ['newer bases are asked for'] : []),
  ];
}

/** The same form over another Dockerfile: what was typed stays, the declarations are the new ones. */
export function withSource(form: OptionsForm, source: SourceFacts): OptionsForm {
  return {
    ...form,
    args: mergeArguments(givenArguments(form), source),
    secrets: mergeSecrets(givenSecrets(form.secrets), source.secrets),
  };
}

/** The options that a valid form means. Tags are normalised, doubles and empty rows left out. */
export function optionsOfForm(form: OptionsForm): BuildOptions {
  const dockerfile = form.dockerfile.trim();
  const secrets = givenSecrets(form.secrets);
  return {
    ...form.others,
    tags: [...new Set(form.tags.filter((tag) => tag.trim() !== '').map(normalTag))],
    buildArgs: givenArguments(form),
    noCache: form.noCache,
    ...(secrets.length === 0 ? {} : { secrets: [...secrets] }),
    ...givenCaches(form),
    engine: form.engine,
    ...(dockerfile === '' || dockerfile === DEFAULT_DOCKERFILE ? {} : { dockerfile }),
    ...(form.reproducible ? { reproducible: true } : {}),
    ...(form.target === '' ? {} : { target: form.target }),
    ...(form.platform.trim() === '' ? {} : { platform: form.platform.replace(/\s/g, '') }),
  };
}

/** Checks every field; the target against the stages of the Dockerfile where they are known. */
export function problemsOfForm(form: OptionsForm, source: SourceFacts | null): FormProblems {
  const target = targetProblem(form.target, source);
  const platform = form.platform.trim() === '' ? null : refusal(() => parseBuildPlatforms(form.platform));
  return {
    ...(target === null ? {} : { target }),
    ...(platform === null ? {} : { platform }),
    ...cacheProblem('cacheFrom', form.cacheFrom),
    ...cacheProblem('cacheTo', form.cacheTo),
    tags: byPosition(form.tags, tagProblem),
    args: byPosition(form.args, (row) => argumentProblem(row, form.args)),
    secrets: byPosition(form.secrets, (row) => secretProblem(row, form.secrets)),
  };
}

/** Whether there is nothing to mend. */
export function isValid(problems: FormProblems): boolean {
  const { tags, args, secrets, ...single } = problems;
  return [tags, args, secrets, single].every((group) => Object.keys(group).length === 0);
}

/** What is wrong with one tag, null for a good or an empty one. */
export function tagProblem(tag: string): string | null {
  if (tag.trim() === '') return null;
  const problem = refusal(() => parseReference(tag.trim()));
  if (problem !== null) return problem;
  return tag.includes('@') ? 'A tag cannot hold a digest: the build makes it.' : null;
}

function otherOptions(options: BuildOptions): OtherOptions {
  const { noCacheFilter, pull, labels, contexts, ssh, allow } = options;
  const others = { noCacheFilter, pull, labels, contexts, ssh, allow };
  return Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
}

function givenCaches({ cacheFrom, cacheTo }: OptionsForm): Pick<BuildOptions, 'cacheFrom' | 'cacheTo'> {
  const [from, to] = [splitQuotedWords(cacheFrom) ?? [], splitQuotedWords(cacheTo) ?? []];
  return {
    ...(from.length === 0 ? {} : { cacheFrom: from }),
    ...(to.length === 0 ? {} : { cacheTo: to }),
  };
}

/** What is wrong with a reference; longer forms are read by the build. */
function cacheProblem(field: 'cacheFrom' | 'cacheTo', text: string): Pick<FormProblems, typeof field> {
  const words = splitQuotedWords(text);
  if (words === null) return { [field]: 'A quote has no end.' };
  for (const word of words) {
    const problem = word.includes('=') ? null : refusal(() => parseReference(word));
    if (problem !== null) return { [field]: problem };
  }
  return {};
}

function normalTag(tag: string): string {
  return familiarReference(withDefaultTag(parseReference(tag.trim())));
}

function targetProblem(target: string, source: SourceFacts | null): string | null {
  if (target === '' || source === null) return null;
  const known = source.stages.some(
    (stage) => stage.name?.toLowerCase() === target.toLowerCase() || String(stage.index) === target,
  );
  return known ? null : `The Dockerfile has no stage "${target}".`;
}

function argumentProblem(row: ArgumentRow, all: readonly ArgumentRow[]): string | null {
  if (row.declared) return null;
  if (row.name === '') return row.value === null || row.value === '' ? null : 'Give the argument a name.';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(row.name))
    return 'A name has letters, digits and _ only, and begins with no digit.';
  return all.filter((other) => other.name === row.name).length > 1 ? 'This argument is there twice.' : null;
}

function mergeArguments(
  given: Readonly<Record<string, string>>,
  source: SourceFacts | null,
): readonly ArgumentRow[] {
  const declared = (source?.args ?? []).filter(
    (arg, index, all) => all.findIndex((other) => other.name === arg.name) === index,
  );
  const names = new Set(declared.map((arg) => arg.name));
  return [
    ...declared.map((arg) => ({ ...arg, value: given[arg.name] ?? null, declared: true })),
    ...Object.entries(given)
      .filter(([name]) => !names.has(name))
      .map(([name, value]) => ({ name, value, default: null, declared: false })),
  ];
}

function givenArguments(form: OptionsForm): Record<string, string> {
  const given: Record<string, string> = {};
  for (const row of form.args) if (row.name !== '' && row.value !== null) given[row.name] = row.value;
  return given;
}

function byPosition<T>(
  values: readonly T[],
  check: (value: T) => string | null,
): Readonly<Record<number, string>> {
  const problems: Record<number, string> = {};
  for (const [index, value] of values.entries()) {
    const problem = check(value);
    if (problem !== null) problems[index] = problem;
  }
  return problems;
}

function refusal(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    if (error instanceof AppError) return [error.message, error.hint].filter(Boolean).join(' ');
    throw error;
  }
}
