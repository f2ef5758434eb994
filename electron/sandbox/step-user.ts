import { AppError } from '#shared/errors/app-error.ts';

/** Who a step runs as. */
export interface StepUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** Home folder by /etc/passwd, else `/`. */
  readonly home: string;
}

interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

interface GroupLine {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const MAX_ID = 2 ** 31 - 1;

/**
 * Reads USER (`name`, `uid`, each with `:group` or `:gid`; empty is root) with the texts of the image's own
 * /etc/passwd and /etc/group, null where it has none. As in runc: a number need not be listed and has group 0
 * then; supplementary groups count only without an explicit group. Throws `not-found` for an unknown name,
 * `invalid-input` for a number out of range.
 */
export function resolveStepUser(spec: string, passwd: string | null, group: string | null): StepUser {
  const colon = spec.indexOf(':');
  const userText = (colon < 0 ? spec : spec.slice(0, colon)) || '0';
  const groupText = colon < 0 ? '' : spec.slice(colon + 1);
  const groups = parseGroup(group ?? '');
  const number = parseId(userText, 'user');
  const line = parsePasswd(passwd ?? '').find(({ name, uid }) =>
    number === null ? name === userText : uid === number,
  );
  if (line === undefined && number === null) throw unknown('user', userText, '/etc/passwd');
  const uid = line?.uid ?? number ?? 0;
  const home = line?.home || '/';
  if (groupText !== '') return { uid, gid: resolveGroup(groupText, groups), groups: [], home };
  const memberOf = line === undefined ? [] : groups.filter(({ members }) => members.includes(line.name));
  return { uid, gid: line?.gid ?? 0, groups: memberOf.map(({ gid }) => gid), home };
}

function resolveGroup(text: string, groups: readonly GroupLine[]): number {
  const number = parseId(text, 'group');
  if (number !== null) return number;
  const line = groups.find(({ name }) => name === text);
  if (line === undefined) throw unknown('group', text, '/etc/group');
  return line.gid;
}

/** The number in `text`; null when it is a name. */
function parseId(text: string, what: string): number | null {
  if (!/^\d+$/.test(text)) return null;
  const id = Number(text);
  if (id > MAX_ID) throw new AppError('invalid-input', `The ${what} id ${text} is larger than ${MAX_ID}.`);
  return id;
}

function parsePasswd(text: string): PasswdLine[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.trim().split(':');
    if (!name || !isNumber(uid) || !isNumber(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home: home ?? '' }];
  });
}

function parseGroup(text: string): GroupLine[] {
  return text.split('\n').flatMap((line) => {
    const [name, , gid, members] = line.trim().split(':');
    if (!name || !isNumber(gid)) return [];
    return [
      { name, gid: Number(gid), members: (members ?? '').split(',').filter((member) => member !== '') },
    ];
  });
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

function unknown(what: 'user' | 'group', name: string, file: string): AppError {
  return new AppError('not-found', `The image has no ${what} "${name}" in ${file}.`, {
    hint: `Add the ${what} in a RUN step before it is used, or write its number.`,
  });
}
