import { AppError } from '#shared/errors/app-error.ts';
import type { StageState } from './stage-state.ts';
import type { StepContext } from './step-context.ts';

/** BuildKit reads ids as 32 bits with a sign; the highest that the kernel knows means nobody. */
const MAX_ID = 0x7fffffff;

/** Numeric owner of files. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The owner that `user[:group]` names in the stage: numbers as they are, names from its /etc/passwd and
 * /etc/group. A number without group stands for both and an empty group is 0, as BuildKit does, and root is 0 where
 * nobody says otherwise. Throws `invalid-input` for an unknown name.
 */
export async function resolveOwner(text: string, state: StageState, context: StepContext): Promise<Owner> {
  const colon = text.indexOf(':');
  if (colon < 0) return resolveUser(text, state, context);
  const { uid } = await resolveUser(text.slice(0, colon), state, context);
  return { uid, gid: await resolveGroup(text.slice(colon + 1), state, context) };
}

async function resolveUser(text: string, state: StageState, context: StepContext): Promise<Owner> {
  if (text === '') return { uid: 0, gid: 0 };
  if (isId(text)) return { uid: Number(text), gid: Number(text) };
  const fields = await lookUp('/etc/passwd', text, state, context);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function resolveGroup(text: string, state: StageState, context: StepContext): Promise<number> {
  if (text === '') return 0;
  if (isId(text)) return Number(text);
  return Number((await lookUp('/etc/group', text, state, context))[2]);
}

function isId(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= MAX_ID;
}

async function lookUp(
  file: string,
  name: string,
  state: StageState,
  context: StepContext,
): Promise<string[]> {
  const text = (await context.readText(state, file)) ?? '';
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    if (fields[0] === name && /^\d+$/.test(fields[2] ?? '')) return fields;
  }
  if (name === 'root') return ['root', 'x', '0', '0'];
  const what = file === '/etc/passwd' ? 'user' : 'group';
  throw new AppError('invalid-input', `There is no ${what} "${name}" in ${file} of the image.`, {
    hint: `Add the ${what} in an earlier RUN, or write its number.`,
  });
}

/**
 * The mode that `--chmod` gives: octal, or symbolic clauses such as `u+x,go-w` applied to `mode` (chmod(1); `X` is
 * execute for folders and for what anyone may execute already). Null when the text is neither.
 */
export function changeMode(text: string, mode: number, isDirectory: boolean): number | null {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let result = mode;
  for (const clause of text.split(',')) {
    const next = applyClause(clause, result, isDirectory);
    if (next === null) return null;
    result = next;
  }
  return result;
}

const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

function applyClause(clause: string, mode: number, isDirectory: boolean): number | null {
  const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause);
  if (match === null) return null;
  const who = match[1] === '' || match[1]?.includes('a') ? 'ugo' : (match[1] ?? '');
  let result = mode;
  for (const [, operator = '', permissions = ''] of (match[2] ?? '').matchAll(/([-+=])([rwxXstugo]*)/g)) {
    let bits = 0;
    let mask = 0;
    for (const target of who) {
      bits |= permissionBits(permissions, target, result, isDirectory);
      mask |= 0o7 << (SHIFT[target] ?? 0);
      if (target === 'u') mask |= 0o4000;
      if (target === 'g') mask |= 0o2000;
    }
    if (operator === '+') result |= bits;
    else if (operator === '-') result &= ~bits;
    else result = (result & ~mask) | bits;
  }
  return result;
}

function permissionBits(permissions: string, target: string, mode: number, isDirectory: boolean): number {
  const shift = SHIFT[target] ?? 0;
  let bits = 0;
  for (const permission of permissions) {
    if (permission === 'r') bits |= 4 << shift;
    else if (permission === 'w') bits |= 2 << shift;
    else if (permission === 'x') bits |= 1 << shift;
    else if (permission === 'X') bits |= isDirectory || (mode & 0o111) !== 0 ? 1 << shift : 0;
    else if (permission === 's') bits |= target === 'u' ? 0o4000 : target === 'g' ? 0o2000 : 0;
    else if (permission === 't') bits |= 0o1000;
    else bits |= ((mode >> (SHIFT[permission] ?? 0)) & 7) << shift;
  }
  return bits;
}
