import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { absoluteCacheWord } from '../build/shared-cache/cache-address.ts';
import { type CommandInput, isSet, listOption } from './command.ts';

/** Where the words of the command line are read: what stands in them is relative to `cwd`. */
export interface InputPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

type Inputs = Pick<
  BuildOptions,
  'secrets' | 'ssh' | 'contexts' | 'labels' | 'allow' | 'noCacheFilter' | 'pull' | 'cacheFrom' | 'cacheTo'
>;

/** What a build is given beside its context; only what was asked for is set. Throws `invalid-input`. */
export function readBuildInputs(input: CommandInput, place: InputPlace): Inputs {
  const words = (name: string) => listOption(input, name);
  const inputs: Inputs = {
    secrets: words('secret').map((word) => readSecret(word, place)),
    ssh: words('ssh').map((word) => readAgent(word, place)),
    contexts: Object.fromEntries(words('build-context').map((word) => readContext(word, place))),
    labels: Object.fromEntries(words('label').map(readLabel)),
    allow: words('allow')
      .flatMap((word) => word.split(','))
      .map(readRight),
    noCacheFilter: words('no-cache-filter').flatMap((word) => word.split(',')),
    cacheFrom: words('cache-from').map((word) => absoluteCacheWord(word, place.cwd)),
    cacheTo: words('cache-to').map((word) => absoluteCacheWord(word, place.cwd)),
    pull: isSet(input, 'pull') ? true : undefined,
  };
  const given = Object.entries(inputs).filter(
    ([, value]) => value !== undefined && (typeof value === 'boolean' || Object.keys(value).length > 0),
  );
  return Object.fromEntries(given);
}

/** `id=ID[,src=FILE|env=NAME]`; without either the variable ID, else the file ID. */
function readSecret(word: string, { cwd, env }: InputPlace): NonNullable<Inputs['secrets']>[number] {
  const fields = new Map<string, string>();
  for (const field of word.split(',')) {
    const [key, value] = cut(field, '=');
    const name = { source: 'src', type: 'type', id: 'id', src: 'src', env: 'env' }[key.toLowerCase()];
    if (name === undefined || value === null)
      throw wrong('--secret', word, 'id=ID,src=FILE or id=ID,env=NAME');
    fields.set(name, value);
  }
  const id = fields.get('id');
  if (id === undefined || id === '') throw wrong('--secret', word, 'id=ID,src=FILE or id=ID,env=NAME');
  const source = fields.get('src');
  const variable = fields.get('env') ?? (fields.get('type') === 'env' ? (source ?? id) : undefined);
  if (variable !== undefined) return { id, env: variable };
  if (source === undefined && env[id] !== undefined) return { id, env: id };
  const file = resolve(cwd, source ?? id);
  if (existsSync(file)) return { id, file };
  throw new AppError(
    'invalid-input',
    `The secret "${id}" is to be read from ${file}, which does not exist.`,
    {
      hint: 'Check the path, or take it from a variable with env=NAME.',
    },
  );
}

/** `default`, or `ID=SOCKET`. */
function readAgent(word: string, { cwd, env }: InputPlace): NonNullable<Inputs['ssh']>[number] {
  const [id, socket] = cut(word, '=');
  if (id === '') throw wrong('--ssh', word, 'default or ID=SOCKET');
  const path = socket === null || socket === '' ? env.SSH_AUTH_SOCK : resolve(cwd, socket);
  return path === undefined ? { id } : { id, socket: path };
}

/** `NAME=VALUE`; a folder is made absolute. */
function readContext(word: string, { cwd }: InputPlace): [string, string] {
  const [name, value] = cut(word, '=');
  if (name === '' || value === null || value === '')
    throw wrong(
      '--build-context',
      word,
      'NAME=FOLDER, or docker-image://REF, oci-layout://FOLDER, target:STAGE, or a git address',
    );
  const layout = 'oci-layout://';
  if (value.startsWith(layout)) return [name, layout + resolve(cwd, value.slice(layout.length))];
  return [name, /^(?:[a-z-]+:\/\/|target:|git@)/.test(value) ? value : resolve(cwd, value)];
}

function readLabel(word: string): [string, string] {
  const [name, value] = cut(word, '=');
  if (name === '') throw wrong('--label', word, 'NAME=VALUE');
  return [name, value ?? ''];
}

function readRight(word: string): string {
  if (word === 'security.insecure' || word === 'network.host') return word;
  throw wrong('--allow', word, 'security.insecure');
}

function cut(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}

function wrong(option: string, word: string, form: string): AppError {
  return new AppError('invalid-input', `"${word}" is not what ${option} takes.`, { hint: `Write ${form}.` });
}
