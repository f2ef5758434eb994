// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a Dockerfile.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { expand, expandWord, expandWords } from './expand.ts';

const VALUES = new Map([
  ['x', 'foo'],
  ['empty', ''],
  ['path', '/usr/local/bin/app.tar.gz'],
  ['star', 'a*b?c\\d'],
  ['two', 'a b'],
  ['é', 'letter'],
  ['1', 'one'],
  ['emoji', '😀😀x'],
  ['lines', 'a\nb'],
]);
const lookup = (name: string): string | undefined => VALUES.get(name);

describe('expandWord', () => {
  it.each([
    // Plain references.
    ['$x', 'foo'],
    ['${x}', 'foo'],
    ['a$x.b', 'afoo.b'],
    ['$x$x', 'foofoo'],
    ['$x_y', ''],
    ['${x}_y', 'foo_y'],
    ['$unset', ''],
    ['${unset}', ''],
    ['$é', 'letter'],
    ['$1', 'one'],
    ['$12', ''],
    ['$1x', 'onex'],
    ['$@$*$#$?$-$!$$', ''],
    ['$', '$'],
    ['a$', 'a$'],
    ['$(date)', '$(date)'],
    ['$.', '$.'],
    // Defaults and alternatives.
    ['${unset:-w}', 'w'],
    ['${empty:-w}', 'w'],
    ['${x:-w}', 'foo'],
    ['${unset-w}', 'w'],
    ['${empty-w}', ''],
    ['${x-w}', 'foo'],
    ['${unset:+w}', ''],
    ['${empty:+w}', ''],
    ['${x:+w}', 'w'],
    ['${unset+w}', ''],
    ['${empty+w}', 'w'],
    ['${x+w}', 'w'],
    ['${x:?message}', 'foo'],
    ['${empty?message}', ''],
    ['${unset:-}', ''],
    ['${unset:-$x}', 'foo'],
    ['${unset:-${empty:-${x}}}', 'foo'],
    ['${unset:-"a b"}', 'a b'],
    ["${unset:-'$x'}", '$x'],
    ['${unset:-a\\}b}', 'a}b'],
    ['${x:+}', ''],
    // Prefixes and suffixes.
    ['${path#*/}', 'usr/local/bin/app.tar.gz'],
    ['${path##*/}', 'app.tar.gz'],
    ['${path%.*}', '/usr/local/bin/app.tar'],
    ['${path%%.*}', '/usr/local/bin/app'],
    ['${path%/*}', '/usr/local/bin'],
    ['${path#/usr}', '/local/bin/app.tar.gz'],
    ['${path#usr}', '/usr/local/bin/app.tar.gz'],
    ['${path%gz}', '/usr/local/bin/app.tar.'],
    ['${path#?}', 'usr/local/bin/app.tar.gz'],
    ['${path%%?z}', '/usr/local/bin/app.tar.'],
    ['${path#*}', '/usr/local/bin/app.tar.gz'],
    ['${path##*}', ''],
    ['${path%$unset}', '/usr/local/bin/app.tar.gz'],
    ['${x#f}', 'oo'],
    ['${x#$x}', ''],
    ['${x#[f]}', 'foo'],
    ['${star#a\\*}', 'b?c\\d'],
    ['${star#a\\*b\\?}', 'c\\d'],
    ['${star%\\\\d}', 'a*b?c'],
    ['${unset#a}', ''],
    ['${emoji#?}', '😀x'],
    ['${emoji%?}', '😀😀'],
    ['${lines#*b}', 'a\nb'],
    // Replacement.
    ['${path/bin/lib}', '/usr/local/lib/app.tar.gz'],
    ['${x/o/0}', 'f0o'],
    ['${x//o/0}', 'f00'],
    ['${x/o/}', 'fo'],
    ['${x//o/}', 'f'],
    ['${x/?/$1}', 'oneoo'],
    ['${x/f*/bar}', 'bar'],
    ['${x//[o]/0}', 'foo'],
    ['${path//\\//-}', '-usr-local-bin-app.tar.gz'],
    ['${path/\\/usr\\//}', 'local/bin/app.tar.gz'],
    ['${x/o/$x}', 'ffooo'],
    ['${x/o/a&b}', 'fa&bo'],
    ['${unset/a/b}', ''],
    // Quotes and escapes.
    ["'$x'", '$x'],
    ['"$x"', 'foo'],
    ['"a\'b"', "a'b"],
    ["'a\"b'", 'a"b'],
    ["'a\\'", 'a\\'],
    ['"\\$x"', '$x'],
    ['"\\""', '"'],
    ['"\\\\"', '\\'],
    ['"\\n"', '\\n'],
    ['\\$x', '$x'],
    ['\\"', '"'],
    ['a\\ b', 'a b'],
    ['\\n', 'n'],
    ['a\\', 'a'],
    ['""', ''],
    ['a"b c"d', 'ab cd'],
    ['"${unset:-a b}"', 'a b'],
    ['  keep  blanks  ', '  keep  blanks  '],
    ['', ''],
  ])('turns %j into %j', (word, expected) => {
    expect(expandWord(word, lookup)).toBe(expected);
  });

  it.each([
    ['`$x', '$x'],
    ['C:\\dir\\$x', 'C:\\dir\\foo'],
    ['"`$x"', '$x'],
    ['"\\$x"', '\\foo'],
  ])('uses the escape character of the file: %j becomes %j with `', (word, expected) => {
    expect(expandWord(word, lookup, { escape: '`' })).toBe(expected);
  });

  it.each([
    ['${}', /without a name/],
    ['${:x}', /without a name/],
    ['${{x}}', /without a name/],
    ['${', /closing }/],
    ['${x', /closing }/],
    ['${x:', /closing }/],
    ['${x:-w', /closing }/],
    ['${x:-"w}', /closing "/],
    ['${x:X}', /":X"/],
    ['${x^}', /"\^"/],
    ['${x@Q}', /"@"/],
    ['${x/a}', /closing \//],
    ['${x/a/b', /closing }/],
    ['${x#\\a}', /escape "\\a"/],
    ['${x%a\\.b}', /escape "\\\."/],
    ['"$x', /closing "/],
    ["'x", /closing '/],
    ['${unset:?}', /unset: must not be unset/],
    ['${empty:?}', /empty: must not be empty/],
    ['${unset?tell me why}', /unset: tell me why/],
    ['${empty:?needs a value}', /empty: needs a value/],
  ])('refuses %j', (word, message) => {
    const place = { path: 'Dockerfile', range: { line: 3, column: 0, endLine: 3, endColumn: 9 } };
    const error = catchError(() => expandWord(word, lookup, { place }));
    expect(error.code).toBe('dockerfile-invalid');
    expect(error.message).toMatch(message);
    expect(error.detail).toEqual({ kind: 'source', ...place });
    expect(error.hint).toBeTruthy();
  });

  it('refuses defaults within defaults without end', () => {
    const word = '${a:-'.repeat(500) + '}'.repeat(500);
    expect(catchError(() => expandWord(word, lookup)).message).toMatch(/nested too deeply/);
  });

  it('leaves quotes alone in the body of a heredoc', () => {
    const body = "name=\"$x\"\n'${x}' \\$x it's\n";
    expect(expandWord(body, lookup, { literalQuotes: true })).toBe("name=\"foo\"\n'foo' $x it's\n");
  });

  it('keeps what it is told to keep', () => {
    const options = { keepQuotes: true, keepEscapes: true, keepUnset: true };
    const word = `"a b" 'c' \\d $unset \${unset} \${unset:-w} \${unset#p} \${unset/a/b}`;
    expect(expandWord(word, lookup, options)).toBe(word);
  });

  it('returns any text without dollar, quote and escape unchanged', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[$'"\\]/.test(text));
    fc.assert(fc.property(plain, (text) => expandWord(text, lookup) === text));
  });

  it('throws nothing but its own error, whatever the text', () => {
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      ':',
      '-',
      '+',
      '?',
      '#',
      '%',
      '/',
      '"',
      "'",
      '\\',
      'x',
      '*',
      ' ',
      '😀',
    );
    const wild = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(wild, fc.boolean(), (text, literalQuotes) => {
        try {
          expect(typeof expandWord(text, lookup, { literalQuotes })).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes off what was put on, for any literal prefix and suffix', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '-') });
    fc.assert(
      fc.property(literal, literal, (fixed, rest) => {
        const pattern = fixed.replaceAll('/', '\\/');
        const front = (name: string): string | undefined => (name === 'v' ? fixed + rest : undefined);
        const back = (name: string): string | undefined => (name === 'v' ? rest + fixed : undefined);
        expect(expandWord(`\${v#${pattern}}`, front)).toBe(rest);
        expect(expandWord(`\${v%${pattern}}`, back)).toBe(rest);
      }),
    );
  });
});

describe('expandWords', () => {
  it.each([
    ['80 $two 90', ['80', 'a', 'b', '90']],
    ['"$two"', ['a b']],
    ["'a  b' c", ['a  b', 'c']],
    ['a\\ b c', ['a b', 'c']],
    ['  a\t\nb  ', ['a', 'b']],
    ['$empty', []],
    ['x$two', ['xa', 'b']],
    ['', []],
    ['${unset:-1 2}', ['1', '2']],
  ])('splits %j after expansion into %j', (word, expected) => {
    expect(expandWords(word, lookup)).toEqual(expected);
  });
});

describe('expand', () => {
  it('tells which names had a value and which had none', () => {
    const { used, unset } = expand(
      "$x ${unset:-$other} ${path##*/} '$quoted' \\$escaped ${x:+$inner}",
      lookup,
    );
    expect([...used]).toEqual(['x', 'path']);
    expect([...unset]).toEqual(['other', 'unset', 'inner']);
  });
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
