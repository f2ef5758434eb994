import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readBuildInputs } from './build-inputs.ts';
import { type Command, type CommandInput, isSet, listOption, textOption } from './command.ts';

/** The lines of help for {@link BUILD_OPTIONS}. */
export const BUILD_HELP: Command['help'] = [
  [
    '-f, --file FILE',
    'Dockerfile, relative to the context (default: Dockerfile); - reads it from standard input',
  ],
  ['--target STAGE', 'Stage to build (default: the last)'],
  ['--build-arg K=V', 'Value of an ARG; K alone takes it from the environment'],
  ['--platform P', 'Such as linux/arm64; several with commas give an index (default: this machine’s)'],
  ['--no-cache', 'Build every step anew'],
  ['--no-cache-filter S', 'Build the steps of these stages anew'],
  ['--cache-from REF', 'Take steps that other machines built from this shared cache; type=local,src=FOLDER'],
  [
    '--cache-to REF',
    'Write this build’s steps to a shared cache: type=registry,ref=REF[,mode=max][,ignore-error=false]',
  ],
  ['--pull', 'Ask the registry for bases that are here, too'],
  [
    '--build-context N=V',
    'Files for FROM, --from=N: a folder, docker-image://, oci-layout://, target:STAGE, https://….git#REF',
  ],
  ['--secret id=X,src=FILE', 'Secret for RUN --mount=type=secret; env=NAME takes it from the environment'],
  ['--ssh default', 'Let RUN --mount=type=ssh use the ssh agent; ID=SOCKET names another'],
  ['--label K=V', 'Label of the image, over those of the Dockerfile'],
  ['--allow RIGHT', 'security.insecure: RUN --security=insecure may have all rights'],
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
  platform: { type: 'string', multiple: true },
  'no-cache': { type: 'boolean' },
  'cache-from': { type: 'string', multiple: true },
  'cache-to': { type: 'string', multiple: true },
  'no-cache-filter': { type: 'string', multiple: true },
  pull: { type: 'boolean' },
  'build-context': { type: 'string', multiple: true },
  secret: { type: 'string', multiple: true },
  ssh: { type: 'string', multiple: true },
  label: { type: 'string', multiple: true },
  allow: { type: 'string', multiple: true },
  reproducible: { type: 'boolean' },
} as const satisfies Command['options'];

/** The options of a build with the built-in engine, without a name for its image. Throws `invalid-input`. */
export function readBuildOptions(input: CommandInput, env: NodeJS.ProcessEnv, cwd: string): BuildOptions {
  return {
    dockerfile: textOption(input, 'file'),
    tags: [],
    target: textOption(input, 'target'),
    buildArgs: readBuildArgs(listOption(input, 'build-arg'), env),
    platform: readPlatforms(listOption(input, 'platform')),
    noCache: isSet(input, 'no-cache'),
    ...(isSet(input, 'reproducible') ? { reproducible: true } : {}),
    ...readBuildInputs(input, { env, cwd }),
    engine: 'builtin',
  };
}

/** `--platform` may be given several times, and each may name several. */
function readPlatforms(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(',');
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
