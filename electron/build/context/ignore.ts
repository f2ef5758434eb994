import { AppError } from '#shared/errors/app-error.ts';
import { cleanPath } from './clean-path.ts';
import { couldMatchBelow } from './ignore-below.ts';
import { type CompiledPattern, compilePattern, type IgnorePattern } from './ignore-pattern.ts';

export type { IgnorePattern } from './ignore-pattern.ts';

/** Decides which paths of a context are left out. Paths are relative, with `/`, without `.` and `..`. */
export interface IgnoreMatcher {
  readonly patterns: readonly IgnorePattern[];
  /** Whether any pattern takes paths in again (`!`). */
  readonly hasNegation: boolean;
  ignores(path: string): boolean;
  /** Whether something below an ignored directory could be taken in again; if not, it need not be walked. */
  mayContainReincluded(directory: string): boolean;
}

/** Reads the text of an ignore file. Throws `invalid-input` for a lone `!` and for broken patterns. */
export function parseIgnore(text: string): IgnorePattern[] {
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  return lines.flatMap((line, index) => {
    if (line.startsWith('#')) return [];
    try {
      return readPattern(line, true);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(error.code, `Line ${index + 1} of the ignore file: ${error.message}`, {
        hint: error.hint,
      });
    }
  });
}

/** Reads the values of `COPY --exclude`: as lines of an ignore file, but a leading `/` is not taken off. */
export function parseExcludes(values: readonly string[]): IgnorePattern[] {
  return values.flatMap((value) => readPattern(value, false));
}

function readPattern(line: string, fromFile: boolean): IgnorePattern[] {
  const trimmed = line.trim();
  if (trimmed === '') return [];
  const negated = trimmed.startsWith('!');
  const body = negated ? trimmed.slice(1).trim() : trimmed;
  const clean = cleanPath(body);
  if (body === '' || (negated && clean === '/')) {
    throw new AppError('invalid-input', 'A "!" stands without a pattern.', {
      hint: 'Write ! and the path to take in again, such as !README.md.',
    });
  }
  const text = fromFile && clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
  compilePattern({ text, negated });
  return [{ text, negated }];
}

/** A matcher with moby's rules: the last pattern that matches a path or a directory above it decides. */
export function createIgnoreMatcher(patterns: readonly IgnorePattern[]): IgnoreMatcher {
  return new PatternMatcher(patterns.map(compilePattern));
}

/** For each pattern whether a directory or one above it matched; null for the root. */
type DirectoryState = { readonly path: string; readonly matched: Uint8Array; readonly ignored: boolean };

/** How many directories are remembered; a walk needs as many as it is deep. */
const MAX_STATES = 4096;

class PatternMatcher implements IgnoreMatcher {
  readonly patterns: readonly CompiledPattern[];
  readonly hasNegation: boolean;
  readonly #states = new Map<string, DirectoryState>();
  #last: DirectoryState;
  readonly #root: DirectoryState;

  constructor(patterns: readonly CompiledPattern[]) {
    this.patterns = patterns;
    this.hasNegation = patterns.some(({ negated }) => negated);
    this.#root = { path: '', matched: new Uint8Array(patterns.length), ignored: false };
    this.#last = this.#root;
  }

  ignores(path: string): boolean {
    if (this.patterns.length === 0) return false;
    const parent = this.#stateOf(parentOf(path));
    if (parent.ignored && !this.hasNegation) return true;
    return this.#evaluate(path, parent.matched, null);
  }

  mayContainReincluded(directory: string): boolean {
    if (!this.hasNegation) return false;
    const { matched } = this.#stateOf(directory);
    // What an excluding pattern that matched here decides, an earlier `!` cannot turn round further down.
    let from = this.patterns.length;
    while (from > 0 && !(matched[from - 1] === 1 && this.patterns[from - 1]?.negated === false)) from -= 1;
    return this.patterns.slice(from).some(({ negated, text }) => negated && couldMatchBelow(text, directory));
  }

  #stateOf(directory: string): DirectoryState {
    if (directory === this.#last.path) return this.#last;
    if (directory === '') return this.#root;
    let state = this.#states.get(directory);
    if (state === undefined) {
      const parent = this.#stateOf(parentOf(directory));
      const matched = new Uint8Array(this.patterns.length);
      const ignored = this.#evaluate(directory, parent.matched, matched);
      state = { path: directory, matched, ignored };
      if (this.#states.size >= MAX_STATES) this.#states.clear();
      this.#states.set(directory, state);
    }
    this.#last = state;
    return state;
  }

  /**
   * The original's walk over the patterns: one that matched the parent counts; any other is only tried when it could
   * change the result. What is not tried is not recorded either, which shows when a later pattern repeats an earlier
   * one: `x`, `!x/y`, `x` keeps `x/y`.
   */
  #evaluate(path: string, parent: Uint8Array, record: Uint8Array | null): boolean {
    const depth = countParts(path);
    let ignored = false;
    for (let index = 0; index < this.patterns.length; index += 1) {
      const pattern = this.patterns[index];
      if (pattern === undefined) break;
      if (parent[index] !== 1) {
        if (pattern.negated !== ignored) continue;
        if (pattern.depth !== 0 && pattern.depth !== depth) continue;
        if (!pattern.test(path)) continue;
      }
      if (record !== null) record[index] = 1;
      ignored = !pattern.negated;
    }
    return ignored;
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function countParts(path: string): number {
  let count = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count += 1;
  return count;
}
