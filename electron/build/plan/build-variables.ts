import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import type { Dockerfile, FromInstruction } from '../dockerfile/ast.ts';
import { expandWord } from '../dockerfile/expand.ts';

/** The platform arguments that a Dockerfile may use without declaring a value (TARGETPLATFORM and the rest). */
export function platformArguments(target: Platform, build: Platform, stage: string): Map<string, string> {
  const args = new Map<string, string>();
  for (const [prefix, platform] of [
    ['TARGET', target],
    ['BUILD', build],
  ] as const) {
    args.set(`${prefix}PLATFORM`, formatPlatform(platform));
    args.set(`${prefix}OS`, platform.os);
    args.set(`${prefix}OSVERSION`, platform.osVersion ?? '');
    args.set(`${prefix}ARCH`, platform.architecture);
    args.set(`${prefix}VARIANT`, platform.variant ?? '');
  }
  args.set('TARGETSTAGE', stage);
  return args;
}

/** The ARGs before the first FROM with their values: `--build-arg`, else their default, in order. */
export function globalArguments(
  dockerfile: Dockerfile,
  platformArgs: ReadonlyMap<string, string>,
  buildArgs: ReadonlyMap<string, string>,
): Map<string, string> {
  const values = new Map(platformArgs);
  for (const name of platformArgs.keys()) {
    const given = buildArgs.get(name);
    if (given !== undefined) values.set(name, given);
  }
  for (const instruction of dockerfile.globalArgs) {
    const place = { path: dockerfile.path, range: instruction.range };
    const options = { escape: dockerfile.directives.escape, place };
    for (const { name, value } of instruction.args) {
      const set =
        buildArgs.get(name) ??
        (value === null ? values.get(name) : expandWord(value, (n) => values.get(n), options));
      if (set !== undefined) values.set(name, set);
    }
  }
  return values;
}

/** A word of FROM with the global arguments in place. */
export function expandFromWord(
  dockerfile: Dockerfile,
  from: FromInstruction,
  word: string,
  globals: ReadonlyMap<string, string>,
): string {
  const place = { path: dockerfile.path, range: from.range };
  return expandWord(word, (name) => globals.get(name), { escape: dockerfile.directives.escape, place });
}
