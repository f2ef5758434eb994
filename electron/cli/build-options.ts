import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type Command, type CommandInput, isSet, listOption, textOption } from './command.ts';

/** The lines of help for {@link BUILD_OPTIONS}. */
export const BUILD_HELP: Command['help'] = [
  ['-f, --file FILE', 'Dockerfile, relative to the folder (default: Dockerfile)'],
  ['--target STAGE', 'Stage to build (default: the last)'],
  ['--build-arg K=V', 'Value of an ARG; K alone takes it from the environment'],
  ['--platform P', 'Such as linux/arm64 (default: this machine’s)'],
  ['--no-cache', 'Build every step anew'],
  [
    '--reproducible',
    'No time newer than SOURCE_DATE_EPOCH (else 1970), so that equal input gives an equal image',
  ],
];

/** What decides the content of a build: the options that every command which builds has. */
export const BUILD_OPTIONS = {
  file: { type: 'string', short: 'f' },
  target: { type: 'string' },
  'build-arg': { type: 'string', multiple: true },
  platform: { type: 'string' },
  'no-cache': { type: 'boolean' },
  reproducible: { type: 'boolean' },
} as const satisfies Command['options'];

/** The options of a build with the built-in engine, without a name for its image. Throws `invalid-input`. */
export function readBuildOptions(input: CommandInput, env: NodeJS.ProcessEnv): BuildOptions {
  return {
    dockerfile: textOption(input, 'file'),
    tags: [],
    target: textOption(input, 'target'),
    buildArgs: readBuildArgs(listOption(input, 'build-arg'), env),
    platform: textOption(input, 'platform'),
    noCache: isSet(input, 'no-cache'),
    ...(isSet(input, 'reproducible') ? { reproducible: true } : {}),
    engine: 'builtin',
  };
}

function readBuildArgs(words: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const args: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? env[name] : word.slice(equals + 1);
    if (name === '')
      throw new AppError('invalid-input', `"${word}" is not a build argument.`, {
        hint: 'Write it as NAME=value.',
      });
    if (value !== undefined) args[name] = value;
  }
  return args;
}
