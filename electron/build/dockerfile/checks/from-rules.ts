import { formatPlatform, type Platform, parsePlatform, samePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { globalArguments } from '../../plan/build-variables.ts';
import type { Dockerfile, FromInstruction } from '../ast.ts';
import { type Expansion, expand } from '../expand.ts';
import { suggest } from '../suggest.ts';
import { attempt } from './attempt.ts';
import { platformsOf } from './platform-scope.ts';
import type { CheckSubject, Report, Rule } from './rule.ts';

/** Every variable in FROM is declared before the first FROM. */
export const undefinedArgInFrom: Rule = {
  name: 'UndefinedArgInFrom',
  description: 'A variable in FROM should be declared by an ARG before the first FROM.',
  *check({ dockerfile, globals }: CheckSubject): Iterable<Report> {
    const declared = dockerfile.globalArgs.flatMap(({ args }) => args.map(({ name }) => name));
    const known = new Set([...globals.keys(), ...declared]);
    for (const { from } of dockerfile.stages) {
      const unset = new Set(
        fromWords(from).flatMap((word) => [...(expansionOf(dockerfile, word, globals)?.unset ?? [])]),
      );
      for (const name of unset) {
        if (known.has(name)) continue;
        const meant = suggest(name, known, false);
        const hint =
          meant === undefined ? `Declare it above the first FROM: ARG ${name}.` : `Did you mean $${meant}?`;
        yield { instruction: from, detail: `FROM uses $${name}, which is not declared. ${hint}` };
      }
    }
  },
};

/** The defaults alone give a base image. */
export const invalidDefaultArgInFrom: Rule = {
  name: 'InvalidDefaultArgInFrom',
  description: 'The defaults of the ARGs should give a valid base image when no build argument is set.',
  *check(subject: CheckSubject): Iterable<Report> {
    const { dockerfile } = subject;
    const defaults = attempt(() => globalArguments(dockerfile, platformsOf(subject.options), new Map()));
    if (defaults === null) return;
    const names = new Set(dockerfile.stages.map(({ name }) => name));
    for (const { from } of dockerfile.stages) {
      if (!from.image.includes('$')) continue;
      const base = expansionOf(dockerfile, from.image, defaults)?.text;
      if (base === undefined || names.has(base.toLowerCase()) || attempt(() => parseReference(base)) !== null)
        continue;
      const result = base === '' ? 'nothing' : `"${base}"`;
      yield {
        instruction: from,
        detail: `With the defaults alone "${from.image}" becomes ${result}, which is no image.`,
      };
    }
  },
};

/** No `--platform=$TARGETPLATFORM`, which is the default. */
export const redundantTargetPlatform: Rule = {
  name: 'RedundantTargetPlatform',
  description: 'FROM builds for the target platform anyway; --platform=$TARGETPLATFORM says nothing more.',
  *check({ dockerfile, globals }: CheckSubject): Iterable<Report> {
    for (const { from } of dockerfile.stages) {
      const { platform } = from.flags;
      const expansion = platform === undefined ? null : expansionOf(dockerfile, platform, globals);
      if (expansion === null || expansion.unset.size > 0 || expansion.used.size !== 1) continue;
      if (!expansion.used.has('TARGETPLATFORM') || expansion.text !== globals.get('TARGETPLATFORM')) continue;
      yield { instruction: from, detail: `--platform=${platform} is the default and can go.` };
    }
  },
};

/** No fixed platform, unless the stage is named after it. */
export const fromPlatformFlagConstDisallowed: Rule = {
  name: 'FromPlatformFlagConstDisallowed',
  description: 'FROM should not fix its platform: the image could then not be built for others.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const { from } of dockerfile.stages) {
      const text = from.flags.platform;
      if (text === undefined || text.includes('$')) continue;
      const platform = attempt(() => parsePlatform(text));
      const name = from.stageName ?? '';
      if (platform === null || name.includes(platform.os) || name.includes(platform.architecture)) continue;
      const hint = 'Leave it out, use $BUILDPLATFORM, or name the stage after the platform.';
      yield { instruction: from, detail: `--platform is fixed to ${text}. ${hint}` };
    }
  },
};

/** The base image that is there is of the platform that is built. */
export const invalidBaseImagePlatform: Rule = {
  name: 'InvalidBaseImagePlatform',
  description: 'The platform of a base image should be the one that is built.',
  *check({ dockerfile, scopes, globals, options }: CheckSubject): Iterable<Report> {
    const target = options.targetPlatform ?? { os: 'linux', architecture: 'amd64' };
    for (const { stage, base, baseName } of scopes) {
      const actual = base?.platform;
      if (actual === undefined) continue;
      const wanted = wantedPlatform(dockerfile, stage.from, globals) ?? target;
      if (samePlatform({ ...actual, variant: undefined }, { ...wanted, variant: undefined })) continue;
      const detail = `${baseName} is for ${formatPlatform(actual)}, but ${formatPlatform(wanted)} is built.`;
      yield { instruction: stage.from, detail };
    }
  },
};

function wantedPlatform(
  dockerfile: Dockerfile,
  from: FromInstruction,
  globals: ReadonlyMap<string, string>,
): Platform | null {
  const { platform } = from.flags;
  const text = platform === undefined ? undefined : expansionOf(dockerfile, platform, globals)?.text;
  return text === undefined ? null : attempt(() => parsePlatform(text));
}

function fromWords({ image, flags }: FromInstruction): string[] {
  return flags.platform === undefined ? [image] : [image, flags.platform];
}

function expansionOf(
  dockerfile: Dockerfile,
  word: string,
  globals: ReadonlyMap<string, string>,
): Expansion | null {
  return attempt(() => expand(word, (name) => globals.get(name), { escape: dockerfile.directives.escape }));
}
