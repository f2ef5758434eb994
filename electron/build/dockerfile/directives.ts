import type { SourceRange } from '#shared/errors/app-error.ts';
import { sourceError } from './source-error.ts';
import { suggestionHint } from './suggest.ts';
import { isSpace, trimLeft, trimSpace } from './words.ts';

/** A parser directive with its place. */
export interface Directive {
  readonly value: string;
  readonly range: SourceRange;
}

/** What `# check=` asks for. */
export interface CheckDirective {
  /** Names of rules that are not to be reported. */
  readonly skip: readonly string[];
  readonly skipAll: boolean;
  /** Whether any finding makes the build fail; undefined where it says nothing. */
  readonly error: boolean | undefined;
  /** Experimental rules to switch on. */
  readonly experimental: readonly string[];
  readonly experimentalAll: boolean;
}

/** The directives at the top of a Dockerfile. */
export interface Directives {
  readonly escape: '\\' | '`';
  readonly syntax?: Directive | undefined;
  readonly check?: (Directive & { readonly options: CheckDirective }) | undefined;
  /** How many lines they take. */
  readonly lineCount: number;
}

const NAMES = ['syntax', 'escape', 'check'] as const;
const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/** Reads the directive zone, which ends at the first line that is no known directive. Throws `dockerfile-invalid`. */
export function readDirectives(lines: readonly string[], path: string): Directives {
  const found = new Map<string, Directive>();
  let lineCount = 0;
  for (const [index, raw] of lines.entries()) {
    const line = trimLeft(raw).replace(/[\r\n]+$/, '');
    if (!line.startsWith('#')) break;
    const match = DIRECTIVE.exec(trimLeft(line.slice(1)));
    const name = match?.[1]?.toLowerCase();
    const value = match?.[2];
    if (name === undefined || value === undefined || !(NAMES as readonly string[]).includes(name)) break;
    const column = leadingSpace(raw);
    const range = { line: index + 1, column, endLine: index + 1, endColumn: column + line.length };
    if (found.has(name)) {
      throw sourceError(
        { path, range },
        `The parser directive "${name}" is given twice.`,
        'Keep one of the two lines.',
      );
    }
    found.set(name, { value, range });
    lineCount = index + 1;
  }
  return {
    escape: readEscape(found.get('escape'), path),
    syntax: found.get('syntax'),
    check: readCheck(found.get('check'), path),
    lineCount,
  };
}

function leadingSpace(line: string): number {
  let count = 0;
  while (count < line.length && isSpace(line.charAt(count))) count += 1;
  return count;
}

function readEscape(directive: Directive | undefined, path: string): '\\' | '`' {
  if (directive === undefined) return '\\';
  const { value, range } = directive;
  if (value === '\\' || value === '`') return value;
  throw sourceError({ path, range }, `"${value}" cannot be the escape character.`, 'It is either \\ or `.');
}

function readCheck(directive: Directive | undefined, path: string): Directives['check'] {
  if (directive === undefined) return undefined;
  return { ...directive, options: parseCheckOptions(directive.value, { path, range: directive.range }) };
}

/** No check options: every rule runs, findings are warnings. */
export const NO_CHECK_OPTIONS: CheckDirective = {
  skip: [],
  skipAll: false,
  error: undefined,
  experimental: [],
  experimentalAll: false,
};

/** Reads the value of `# check=` or of the build argument BUILDKIT_DOCKERFILE_CHECK. Throws `dockerfile-invalid`. */
export function parseCheckOptions(
  value: string,
  place: { path: string; range: SourceRange },
): CheckDirective {
  let options = NO_CHECK_OPTIONS;
  if (trimSpace(value) === '') return options;
  for (const part of value.split(';')) {
    const equals = part.indexOf('=');
    const key = trimSpace(equals < 0 ? part : part.slice(0, equals));
    const text = equals < 0 ? undefined : trimSpace(part.slice(equals + 1));
    const names = text?.split(',').map(trimSpace) ?? [];
    if (key === 'skip' && text !== undefined) {
      options = text === 'all' ? { ...options, skipAll: true } : { ...options, skip: names };
    } else if (key === 'experimental' && text !== undefined) {
      options = text === 'all' ? { ...options, experimentalAll: true } : { ...options, experimental: names };
    } else if (key === 'error' && text !== undefined) {
      options = { ...options, error: parseGoBoolean(text, part, place) };
    } else {
      throw sourceError(
        place,
        `"${trimSpace(part)}" is not an option of the check directive.`,
        suggestionHint(
          key,
          ['skip', 'error', 'experimental'],
          'Write skip=RuleName, error=true or experimental=RuleName.',
        ),
      );
    }
  }
  return options;
}

function parseGoBoolean(text: string, part: string, place: { path: string; range: SourceRange }): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  throw sourceError(
    place,
    `"${trimSpace(part)}" is neither true nor false.`,
    'Write error=true or error=false.',
  );
}
