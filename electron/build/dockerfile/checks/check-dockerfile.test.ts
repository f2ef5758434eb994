// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a Dockerfile.
import { describe, expect, it } from 'vitest';
import { createIgnoreMatcher, parseIgnore } from '../../context/ignore.ts';
import { parseDockerfile } from '../parse.ts';
import { checkDockerfile } from './check-dockerfile.ts';
import type { CheckOptions } from './check-options.ts';
import { ruleUrl } from './rule.ts';
import { RULES } from './rules.ts';

const check = (text: string, options?: CheckOptions) =>
  checkDockerfile(parseDockerfile(text, 'Dockerfile'), options);

/** `rule:line` of every finding of one rule. */
function linesOf(rule: string, text: string, options?: CheckOptions): number[] {
  return check(text, options)
    .filter((finding) => finding.rule === rule)
    .map(({ range }) => range.line);
}

const ignoring = (text: string): CheckOptions => ({ ignore: createIgnoreMatcher(parseIgnore(text)) });
const knowing = (...names: string[]): CheckOptions => ({
  baseImage: () => ({ env: new Map(names.map((name) => [name, 'x'])) }),
});
const ON = '# check=experimental=all\n';

describe('the build checks', () => {
  it.each<[string, string, number[], CheckOptions?]>([
    ['StageNameCasing', 'FROM a AS Build\nFROM a AS build2', [1]],
    ['StageNameCasing', 'FROM a\nFROM b AS x', []],

    ['FromAsCasing', 'FROM a as x\nFROM a AS y\nFROM a aS z', [1, 3]],
    ['FromAsCasing', 'from a AS x\nfrom a as y', [1]],
    ['FromAsCasing', 'From a as x', []],

    ['NoEmptyContinuation', 'FROM a\nRUN x \\\n\n y \\\n\n z', [3, 5]],
    ['NoEmptyContinuation', 'FROM a\nRUN x \\\n # comment\n y', []],

    ['ConsistentInstructionCasing', 'FROM a\nrun x\nCOPY a b', [2]],
    ['ConsistentInstructionCasing', 'from a\nrun x\nCOPY a b', [3]],
    ['ConsistentInstructionCasing', 'FROM a\nRun x', [2]],
    ['ConsistentInstructionCasing', 'FROM a\nrun x', [2]],
    ['ConsistentInstructionCasing', 'arg X\nFROM a\nRUN x', []],
    ['ConsistentInstructionCasing', 'from a\nrun x', []],

    ['DuplicateStageName', 'FROM a AS x\nFROM b AS y\nFROM c AS X', [3]],
    ['DuplicateStageName', 'FROM a AS x\nFROM b\nFROM c', []],

    ['ReservedStageName', 'FROM a AS scratch\nFROM a AS Context\nFROM a AS x', [1, 2]],

    ['JSONArgsRecommended', 'FROM a\nCMD x\nENTRYPOINT x', [2, 3]],
    ['JSONArgsRecommended', 'FROM a\nCMD ["x"]\nENTRYPOINT ["x"]\nRUN x\nHEALTHCHECK CMD x', []],
    ['JSONArgsRecommended', 'FROM a\nCMD x\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT x', [2]],
    ['JSONArgsRecommended', 'FROM a AS p\nSHELL ["/bin/bash", "-c"]\nFROM p\nCMD x', []],
    [
      'JSONArgsRecommended',
      'FROM a\nCMD x',
      [],
      { baseImage: () => ({ env: new Map(), shell: ['powershell'] }) },
    ],

    ['MaintainerDeprecated', 'FROM a\nMAINTAINER me', [2]],
    ['MaintainerDeprecated', 'FROM a\nLABEL org.opencontainers.image.authors=me', []],

    ['UndefinedArgInFrom', 'FROM a:$V', [1]],
    ['UndefinedArgInFrom', 'ARG V\nFROM a:$V', []],
    ['UndefinedArgInFrom', 'FROM --platform=$BULIDPLATFORM a', [1]],
    ['UndefinedArgInFrom', 'FROM --platform=$BUILDPLATFORM a', []],
    ['UndefinedArgInFrom', 'FROM a\nARG V=1\nFROM a:$V', [3]],
    ['UndefinedArgInFrom', 'FROM ${V:-a}', [1]],

    ['WorkdirRelativePath', 'FROM a\nWORKDIR app\nWORKDIR more', [2]],
    ['WorkdirRelativePath', 'FROM a\nWORKDIR /app\nWORKDIR more', []],
    ['WorkdirRelativePath', 'FROM a AS p\nWORKDIR /app\nFROM p\nWORKDIR more\nFROM a\nWORKDIR x', [6]],
    ['WorkdirRelativePath', 'FROM a\nARG D=/x\nWORKDIR $D\nFROM a\nARG D=x\nWORKDIR $D', [6]],

    ['UndefinedVar', 'FROM scratch\nCOPY $foo .', [2]],
    ['UndefinedVar', 'FROM scratch\nARG foo\nCOPY $foo .\nENV bar=1\nWORKDIR $bar', []],
    ['UndefinedVar', 'FROM scratch\nCOPY $foo .\nARG foo', [2]],
    ['UndefinedVar', 'FROM scratch\nENV a=1 b=$a', [2]],
    ['UndefinedVar', 'FROM scratch\nARG a=$b', [2]],
    ['UndefinedVar', 'FROM scratch\nENV PATH=/x:$PATH', []],
    ['UndefinedVar', 'FROM scratch\nENV PATH=/x:$PAHT', [2]],
    ['UndefinedVar', 'FROM scratch\nRUN echo $x\nCMD echo $x\nENTRYPOINT ["$x"]', []],
    [
      'UndefinedVar',
      'FROM scratch\nLABEL a=$x\nUSER $x\nVOLUME $x\nEXPOSE $x\nSTOPSIGNAL $x\nADD $x $x',
      [2, 3, 4, 5, 6, 7],
    ],
    ['UndefinedVar', 'FROM scratch\nRUN --mount=type=cache,target=$x y', [2]],
    ['UndefinedVar', "FROM scratch\nCOPY '$x' \\$y /z", []],
    ['UndefinedVar', 'FROM scratch\nCOPY <<E <<"F" /z\n$x\nE\n$y\nF', [2]],
    ['UndefinedVar', 'FROM scratch AS p\nENV x=1\nARG y=1\nFROM p\nCOPY $x $y z', []],
    ['UndefinedVar', 'ARG x=1\nFROM scratch\nCOPY $x z', [3]],
    ['UndefinedVar', 'ARG x=1\nFROM scratch\nARG x\nCOPY $x z', []],
    ['UndefinedVar', 'FROM a\nENV PATH=$JAVA_HOME/bin', [2], knowing('PATH')],
    ['UndefinedVar', 'FROM a\nENV PATH=$JAVA_HOME/bin', [], knowing('JAVA_HOME')],
    ['UndefinedVar', 'FROM unknown\nENV PATH=$JAVA_HOME/bin', []],
    ['UndefinedVar', 'FROM unknown\nENV PATH=$PAHT:/bin\nCOPY $lower x\nCOPY $TARGETARCH x', [2, 3, 4]],

    ['MultipleInstructionsDisallowed', 'FROM a\nCMD ["x"]\nCMD ["y"]\nCMD ["z"]', [2, 3]],
    [
      'MultipleInstructionsDisallowed',
      'FROM a\nHEALTHCHECK NONE\nENTRYPOINT ["a"]\nHEALTHCHECK CMD x\nENTRYPOINT ["b"]',
      [2, 3],
    ],
    ['MultipleInstructionsDisallowed', 'FROM a\nCMD ["x"]\nFROM b\nCMD ["x"]', []],

    ['LegacyKeyValueFormat', 'FROM a\nENV x y\nLABEL x y\nENV x=y', [2, 3]],

    ['InvalidBaseImagePlatform', 'FROM a', [1], basePlatform('linux', 'arm64')],
    [
      'InvalidBaseImagePlatform',
      'FROM --platform=linux/arm64 a\nFROM a',
      [2],
      basePlatform('linux', 'arm64'),
    ],
    ['InvalidBaseImagePlatform', 'FROM a', [], basePlatform('linux', 'amd64')],
    ['InvalidBaseImagePlatform', 'FROM a', []],

    ['RedundantTargetPlatform', 'FROM --platform=$TARGETPLATFORM a', [1]],
    ['RedundantTargetPlatform', 'FROM --platform=${TARGETPLATFORM} a', [1]],
    [
      'RedundantTargetPlatform',
      'FROM --platform=$BUILDPLATFORM a\nFROM --platform=linux/$TARGETARCH a\nFROM a',
      [],
    ],

    [
      'SecretsUsedInArgOrEnv',
      'ARG API_KEY\nFROM a\nENV TOKEN=x\nARG password\nENV x=1 DB_PASSWD=2',
      [1, 3, 4, 5],
    ],
    [
      'SecretsUsedInArgOrEnv',
      'FROM a\nENV PUBLIC_KEY=x KEY_FILE=y TOKEN_VERSION=1 MONKEY=1 AUTHOR=me KEYS=1',
      [],
    ],

    ['InvalidDefaultArgInFrom', 'ARG TAG\nFROM busybox:$TAG', [2]],
    ['InvalidDefaultArgInFrom', 'ARG IMAGE\nFROM $IMAGE', [2]],
    ['InvalidDefaultArgInFrom', 'ARG TAG=1\nFROM busybox:$TAG\nFROM busybox:${X:-2}', []],
    ['InvalidDefaultArgInFrom', 'ARG B=x\nFROM a AS x\nFROM $B', []],
    ['InvalidDefaultArgInFrom', 'ARG TAG\nFROM busybox:$TAG', [2], { buildArgs: new Map([['TAG', '1']]) }],

    ['FromPlatformFlagConstDisallowed', 'FROM --platform=linux/arm64 a', [1]],
    ['FromPlatformFlagConstDisallowed', 'FROM --platform=linux/arm64 a AS build-arm64', []],
    ['FromPlatformFlagConstDisallowed', 'FROM --platform=linux/arm64 a AS linux-x', []],
    ['FromPlatformFlagConstDisallowed', 'ARG P=linux/arm64\nFROM --platform=$P a', []],

    [
      'CopyIgnoredFile',
      'FROM a\nCOPY secret.txt /x\nADD secret.txt /x\nCOPY other /x',
      [2, 3],
      ignoring('secret.*'),
    ],
    [
      'CopyIgnoredFile',
      'FROM a\nCOPY node_modules/x /x\nCOPY /node_modules /x',
      [2, 3],
      ignoring('node_modules'),
    ],
    ['CopyIgnoredFile', 'FROM a\nARG F=secret\nCOPY $F /x', [3], ignoring('secret')],
    ['CopyIgnoredFile', 'FROM a\nCOPY . /x\nCOPY / /x', [2, 3], ignoring('*')],
    ['CopyIgnoredFile', 'FROM a\nCOPY . /x', [2], ignoring('**')],
    ['CopyIgnoredFile', 'FROM a\nCOPY . /x', [2], ignoring('**/*')],
    ['CopyIgnoredFile', 'FROM a\nCOPY . /x', [], ignoring('a*')],
    [
      'CopyIgnoredFile',
      'FROM a AS b\nFROM a\nCOPY --from=b secret /x\nADD https://x/secret /y',
      [],
      ignoring('secret\nhttps*'),
    ],
    ['CopyIgnoredFile', 'FROM a\nCOPY x /x', [], ignoring('*\n!y')],
    ['CopyIgnoredFile', 'FROM a\nCOPY x /x', []],

    ['ExposeProtoCasing', 'FROM a\nEXPOSE 80/TCP 443/tcp\nEXPOSE 53/Udp', [2, 3]],
    ['ExposeProtoCasing', 'FROM a\nARG P=80/TCP\nEXPOSE $P', [3]],

    [
      'ExposeInvalidFormat',
      'FROM a\nEXPOSE 8080:80\nEXPOSE 127.0.0.1:80:80 [::1]:1:1\nEXPOSE 80 90-99',
      [2, 3, 3],
    ],

    ['InvalidDefinitionDescription', `${ON}# what it is\nARG x\n# base text\nFROM a AS base`, [3]],
    ['InvalidDefinitionDescription', `${ON}# x what it is\nARG x y\n# y\nARG x y\nFROM a`, []],
    ['InvalidDefinitionDescription', `${ON}# far above\n\nARG x\n# note\nFROM a`, []],
    ['InvalidDefinitionDescription', '# what it is\nARG x\nFROM a', []],
  ])('%s in %j: lines %j', (rule, text, lines, options) => {
    expect(linesOf(rule, text, options)).toEqual(lines);
  });

  it('are the 22 of the frontend, each with its own name and link', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(22);
    expect(RULES.every(({ description }) => description.endsWith('.'))).toBe(true);
  });

  it.each([
    ['JSONArgsRecommended', 'json-args-recommended'],
    ['FromPlatformFlagConstDisallowed', 'from-platform-flag-const-disallowed'],
    ['SecretsUsedInArgOrEnv', 'secrets-used-in-arg-or-env'],
    ['NoEmptyContinuation', 'no-empty-continuation'],
  ])('link %s as %s', (rule, path) => {
    expect(ruleUrl(rule)).toBe(`https://docs.docker.com/go/dockerfile/rule/${path}/`);
  });

  it('tell rule, severity, words, link and place', () => {
    expect(check('FROM scratch\nMAINTAINER me@example.com\n')).toEqual([
      {
        rule: 'MaintainerDeprecated',
        severity: 'warning',
        description: expect.stringContaining('out of use'),
        detail: 'Write LABEL org.opencontainers.image.authors="me@example.com" instead.',
        url: 'https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/',
        range: { line: 2, column: 0, endLine: 2, endColumn: 25 },
      },
    ]);
  });

  it('suggest what was probably meant', () => {
    const details = check('ARG VERSION=1\nFROM a:$VERSOIN\nENV PATH=$PAHT:/x\nCOPY $VERSION x\n').map(
      ({ detail }) => detail,
    );
    expect(details.join('\n')).toMatch(/\$VERSOIN.*Did you mean \$VERSION\?/);
    expect(details.join('\n')).toMatch(/\$PAHT.*Did you mean \$PATH\?/);
    expect(details.join('\n')).toMatch(/\$VERSION, which this stage does not declare. Add ARG VERSION/);
  });
});

describe('check options', () => {
  const bad = 'FROM a as x\nrun y\nMAINTAINER me\n';
  const rules = (text: string, options?: CheckOptions) => check(text, options).map(({ rule }) => rule);

  it.each([
    ['', ['FromAsCasing', 'ConsistentInstructionCasing', 'MaintainerDeprecated']],
    ['# check=skip=all\n', []],
    ['# check=skip=FromAsCasing,MaintainerDeprecated\n', ['ConsistentInstructionCasing']],
    ['# check=skip=fromascasing\n', ['FromAsCasing', 'ConsistentInstructionCasing', 'MaintainerDeprecated']],
  ])('%j leaves %j', (directive, expected) => {
    expect(rules(directive + bad)).toEqual(expected);
  });

  it('turn findings into errors with error=true', () => {
    expect(check(`# check=error=true\n${bad}`).every(({ severity }) => severity === 'error')).toBe(true);
  });

  it('come from the build argument before the file', () => {
    const buildArgs = new Map([['BUILDKIT_DOCKERFILE_CHECK', 'skip=FromAsCasing;error=true']]);
    expect(check(`# check=skip=all\n${bad}`, { buildArgs })).toMatchObject([
      { rule: 'ConsistentInstructionCasing', severity: 'error' },
      { rule: 'MaintainerDeprecated', severity: 'error' },
    ]);
  });

  it('may stand above one instruction', () => {
    const text =
      'FROM a\n# check=skip=ConsistentInstructionCasing\nrun x\nrun y\nCOPY a b\nCOPY c d\n# check=skip=all\nMAINTAINER me\n';
    expect(check(text).map(({ rule, range }) => [rule, range.line])).toEqual([
      ['ConsistentInstructionCasing', 4],
    ]);
  });

  it('are not taken from prose above an instruction', () => {
    expect(check('FROM scratch\n# check = the thing\nRUN x\n')).toEqual([]);
  });

  it('look only into the stages that the target needs', () => {
    const text =
      'FROM scratch AS a\nCOPY $x .\nFROM scratch AS b\nCOPY $x .\nFROM a AS c\nCOPY --from=d x .\nFROM scratch AS d\nCOPY $x .\n';
    expect(linesOf('UndefinedVar', text)).toEqual([2, 4, 8]);
    expect(linesOf('UndefinedVar', text, { target: 'c' })).toEqual([2, 8]);
    expect(linesOf('UndefinedVar', text, { target: '1' })).toEqual([4]);
    expect(linesOf('UndefinedVar', text, { target: 'none' })).toEqual([2, 4, 8]);
  });
});

function basePlatform(os: string, architecture: string): CheckOptions {
  return { baseImage: () => ({ env: new Map(), platform: { os, architecture } }) };
}
