import type { BuildOptions, CheckFinding } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { formatCount } from '#shared/format/count.ts';
import { parseBuildPlatforms } from '#shared/oci/build-platforms.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { hostPlatform } from '../platform/host-platform.ts';
import { findIgnoreFile } from './context/find-ignore-file.ts';
import { createIgnoreMatcher, parseIgnore } from './context/ignore.ts';
import type { ContextPlace } from './context-place.ts';
import type { Dockerfile } from './dockerfile/ast.ts';
import { checkDockerfile } from './dockerfile/checks/check-dockerfile.ts';
import type { CheckOptions, KnownBase } from './dockerfile/checks/check-options.ts';
import { sourceError } from './dockerfile/source-error.ts';
import { expandFromWord, globalArguments, platformArguments } from './plan/build-variables.ts';
import type { BaseImage, BaseImages } from './solve/base-images.ts';

/** What the checks of a build look at. */
export interface CheckRequest {
  readonly contextPath: string;
  readonly place?: ContextPlace | undefined;
  readonly dockerfile: Dockerfile;
  readonly options: Pick<BuildOptions, 'buildArgs' | 'target' | 'platform'>;
}

/**
 * Runs the build checks as the build would: with its arguments, its ignore file, and what the store knows of base
 * images; no registry is asked. Throws `dockerfile-invalid` for check options that cannot be read.
 */
export async function checkBuild(bases: BaseImages, request: CheckRequest): Promise<CheckFinding[]> {
  return checkDockerfile(request.dockerfile, await readCheckOptions(bases, request));
}

/** What the checks of a build may know. Throws `invalid-input` for a platform or ignore file that cannot be read. */
export async function readCheckOptions(
  bases: BaseImages,
  { contextPath, place, dockerfile, options }: CheckRequest,
): Promise<CheckOptions> {
  const build = hostPlatform();
  // The checks are of the text: what one of several platforms would find, the others would, too.
  const [platform = build] = parseBuildPlatforms(options.platform);
  const buildArgs = new Map(Object.entries(options.buildArgs));
  const globals = globalArguments(
    dockerfile,
    platformArguments(platform, build, options.target ?? 'default'),
    buildArgs,
  );
  const ignoreFile = place?.isFetched ? null : await findIgnoreFile(contextPath, dockerfile.path);
  const known = await knownBases(bases, dockerfile, globals, platform);
  return {
    buildArgs,
    target: options.target || undefined,
    ignore: ignoreFile === null ? undefined : createIgnoreMatcher(parseIgnore(ignoreFile.text)),
    baseImage: (name) => known.get(name),
    targetPlatform: platform,
    buildPlatform: build,
  };
}

/** Throws `dockerfile-invalid` at the first finding that is an error (`check=error=true`). */
export function failByFindings(dockerfile: Dockerfile, findings: readonly CheckFinding[]): void {
  const [first, ...more] = findings.filter(({ severity }) => severity === 'error');
  if (first === undefined) return;
  const others =
    more.length === 0
      ? ''
      : ` There ${more.length === 1 ? 'is' : 'are'} ${formatCount(more.length, 'more finding')}.`;
  throw sourceError(
    { path: dockerfile.path, range: first.range },
    `The build check ${first.rule} fails the build, as the Dockerfile asks for by check=error=true: ${first.detail}${others}`,
    'Mend what "strata check" lists, or leave rules out by check=skip=RuleName.',
  );
}

async function knownBases(
  bases: BaseImages,
  dockerfile: Dockerfile,
  globals: ReadonlyMap<string, string>,
  platform: Platform,
): Promise<Map<string, KnownBase>> {
  const known = new Map<string, KnownBase>();
  for (const { from } of dockerfile.stages) {
    const name = attempt(() => expandFromWord(dockerfile, from, from.image, globals));
    const reference = name === null ? null : attempt(() => withDefaultTag(parseReference(name)));
    if (name === null || reference === null || known.has(name)) continue;
    const image = await bases.find(reference, platform);
    if (image !== null) known.set(name, describeBase(image));
  }
  return known;
}

function describeBase({ config }: BaseImage): KnownBase {
  const env = (config.config.env ?? []).map((line): [string, string] => {
    const equals = line.indexOf('=');
    return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
  });
  return { env: new Map(env), platform: config.platform, shell: config.config.shell };
}

/** Null for what a check of its own reports. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
