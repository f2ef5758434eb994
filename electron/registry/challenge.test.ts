import { describe, expect, it } from 'vitest';
import { parseChallenges, preferredChallenge } from './challenge.ts';

describe('parseChallenges', () => {
  it.each([
    ['nothing', [], []],
    ['an empty value', [''], []],
    ['a bare scheme', ['Basic'], [['basic', {}]]],
    ['Basic', ['Basic realm="Registry Realm"'], [['basic', { realm: 'Registry Realm' }]]],
    [
      'Bearer as Docker Hub sends it',
      [
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      ],
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    [
      'any case and spaces',
      ['bEaReR  Realm = "https://a/t" ,SERVICE=x'],
      [['bearer', { realm: 'https://a/t', service: 'x' }]],
    ],
    [
      'several in one value',
      ['Basic realm="a, b", Bearer realm="https://a/t", service="s"'],
      [
        ['basic', { realm: 'a, b' }],
        ['bearer', { realm: 'https://a/t', service: 's' }],
      ],
    ],
    [
      'several values',
      ['Basic realm="a"', 'Bearer realm="b"'],
      [
        ['basic', { realm: 'a' }],
        ['bearer', { realm: 'b' }],
      ],
    ],
    ['escaped quotes', ['Bearer realm="a\\"b\\\\c",x="y"'], [['bearer', { realm: 'a"b\\c', x: 'y' }]]],
    [
      'missing commas',
      ['Bearer realm="https://a/t" service="s"'],
      [['bearer', { realm: 'https://a/t', service: 's' }]],
    ],
    [
      'an unquoted URL',
      ['Bearer realm=https://a/t?x=1,service=s'],
      [['bearer', { realm: 'https://a/t?x=1', service: 's' }]],
    ],
    [
      'a token68',
      ['Negotiate YWJj==, Bearer realm="x"'],
      [
        ['negotiate', { ywjj: '=' }],
        ['bearer', { realm: 'x' }],
      ],
    ],
    ['an unfinished quote', ['Bearer realm="https://a/t'], [['bearer', { realm: 'https://a/t' }]]],
    ['an escape at the end', ['Bearer realm="a\\'], [['bearer', { realm: 'a' }]]],
    ['leading commas', [', ,Basic realm="x"'], [['basic', { realm: 'x' }]]],
    ['the first of a repeated parameter', ['Bearer realm="a",realm="b"'], [['bearer', { realm: 'a' }]]],
    [
      'an error',
      ['Bearer realm="a",error="insufficient_scope"'],
      [['bearer', { realm: 'a', error: 'insufficient_scope' }]],
    ],
    ['a parameter called __proto__', ['Bearer __proto__="a"'], [['bearer', { ['__proto__']: 'a' }]]],
  ] as const)('reads %s', (_, values, expected) => {
    const found = parseChallenges(values).map(({ scheme, parameters }) => [scheme, { ...parameters }]);
    expect(found).toEqual(expected);
  });

  it('ends on any bytes', () => {
    expect(() => parseChallenges(['="""\\,,==@@@ "', '\u0000\u0001', '"'.repeat(999)])).not.toThrow();
  });
});

describe('preferredChallenge', () => {
  it.each([
    ['Bearer before Basic', ['Basic realm="a"', 'Bearer realm="https://t"'], 'bearer'],
    ['Basic where Bearer has no realm', ['Bearer service="x"', 'Basic realm="a"'], 'basic'],
    ['none of the unknown', ['Negotiate', 'Digest realm="x"'], undefined],
  ])('takes %s', (_, values, scheme) => {
    expect(preferredChallenge(parseChallenges(values))?.scheme).toBe(scheme);
  });
});
