import { describe, expect, it } from 'vitest';
import type { BuildOptions } from '#shared/contract/projects.ts';
import {
  formOfOptions,
  isValid,
  type OptionsForm,
  optionsOfForm,
  otherOptionWords,
  problemsOfForm,
  tagProblem,
  withSource,
} from './options-form.ts';

const source = {
  args: [
    { name: 'VERSION', default: '1.2' },
    { name: 'TOKEN', default: null },
    { name: 'VERSION', default: null },
  ],
  stages: [
    { index: 0, name: 'build', base: 'node', line: 1 },
    { index: 1, name: null, base: 'scratch', line: 5 },
  ],
  secrets: [],
};
const plain: BuildOptions = { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' };

describe('the options form', () => {
  it('gives back the options it was made from', () => {
    const options: BuildOptions = {
      dockerfile: 'docker/Dockerfile.prod',
      tags: ['acme/web:1.4.3', 'acme/web:1.4'],
      target: 'build',
      buildArgs: { VERSION: '2', HTTP_PROXY: '' },
      platform: 'linux/arm64',
      noCache: true,
      secrets: [
        { id: 'npmrc', file: '/home/ada/.npmrc' },
        { id: 'token', env: 'CI_TOKEN' },
      ],
      cacheFrom: ['ci/cache:main', 'type=local,src=/kept by us/it'],
      cacheTo: ['type=registry,ref=ci/cache:main,mode=max'],
      engine: 'docker',
    };
    expect(optionsOfForm(formOfOptions(options, source))).toEqual(options);
    expect(optionsOfForm(formOfOptions(plain, source))).toEqual(plain);
  });

  it('keeps and names the options it has no field for', () => {
    const options: BuildOptions = {
      ...plain,
      labels: { a: '1', b: '2' },
      contexts: { more: '../more' },
      ssh: [{ id: 'default' }],
      noCacheFilter: ['build'],
      allow: ['security.insecure'],
      pull: true,
    };
    const form = formOfOptions(options, source);
    expect(optionsOfForm({ ...form, noCache: true })).toEqual({ ...options, noCache: true });
    expect(otherOptionWords(form).slice(0, 3)).toEqual(['2 labels', '1 build context', '1 ssh agent']);
    expect(otherOptionWords(formOfOptions(plain, source))).toEqual([]);
  });

  it('lists each declared argument once with its default, then the ones only remembered', () => {
    const form = formOfOptions({ ...plain, buildArgs: { OLD: 'x', TOKEN: 't' } }, source);
    expect(form.args).toEqual([
      { name: 'VERSION', value: null, default: '1.2', declared: true },
      { name: 'TOKEN', value: 't', default: null, declared: true },
      { name: 'OLD', value: 'x', default: null, declared: false },
    ]);
  });

  it('lists the secrets that steps mount, then the ones only remembered, and gives those with a place', () => {
    const asked = { ...source, secrets: ['npmrc', 'token'] };
    const secrets = [{ id: 'token' }, { id: 'old', file: 'old.txt' }];
    const form = formOfOptions({ ...plain, secrets }, asked);
    expect(form.secrets).toEqual([
      { id: 'npmrc', place: 'file', where: '', declared: true },
      { id: 'token', place: 'env', where: 'token', declared: true },
      { id: 'old', place: 'file', where: 'old.txt', declared: false },
    ]);
    expect(optionsOfForm(form).secrets).toEqual([
      { id: 'token', env: 'token' },
      { id: 'old', file: 'old.txt' },
    ]);
    expect(optionsOfForm(formOfOptions(plain, asked)).secrets).toBeUndefined();
  });

  it.each([
    ['without an id', { id: '', place: 'file', where: 'a' }],
    ['without a place', { id: 'a', place: 'file', where: '' }],
    ['with a value in place of a variable', { id: 'a', place: 'env', where: 'hunter2!' }],
    ['that is there already', { id: 'npmrc', place: 'file', where: 'b' }],
  ] as const)('refuses a secret %s', (_name, row) => {
    const form = formOfOptions(plain, { ...source, secrets: ['npmrc'] });
    const problems = problemsOfForm(
      { ...form, secrets: [...form.secrets, { ...row, declared: false }] },
      null,
    );
    expect(problems.secrets[1]).toBeDefined();
    expect(isValid(problems)).toBe(false);
  });

  it('refuses a shared cache that is no reference', () => {
    const form = { ...formOfOptions(plain, null), cacheFrom: 'ci/cache Not:Good' };
    expect(problemsOfForm(form, null).cacheFrom).toBeDefined();
    expect(isValid(problemsOfForm(form, null))).toBe(false);
  });

  it('normalises tags, and drops empty and double ones', () => {
    const form = {
      ...formOfOptions(plain, null),
      tags: ['web', ' web:latest ', '', 'docker.io/library/web:1'],
    };
    expect(optionsOfForm(form).tags).toEqual(['web:latest', 'web:1']);
  });

  it('keeps what was typed when another Dockerfile is chosen', () => {
    const form = formOfOptions({ ...plain, buildArgs: { VERSION: '9' } }, source);
    const other = withSource(form, { args: [{ name: 'COLOR', default: 'red' }], stages: [], secrets: [] });
    expect(other.args).toEqual([
      { name: 'COLOR', value: null, default: 'red', declared: true },
      { name: 'VERSION', value: '9', default: null, declared: false },
    ]);
  });
});

describe('problemsOfForm', () => {
  const check = (change: Partial<OptionsForm>) =>
    problemsOfForm({ ...formOfOptions(plain, source), ...change }, source);

  it.each([
    ['nothing filled in', {}],
    ['a stage by its name in any case', { target: 'BUILD' }],
    ['a stage by its number', { target: '1' }],
    ['a platform', { platform: 'linux/arm/v7' }],
    ['a free row that was left empty', { args: [{ name: '', value: '', default: null, declared: false }] }],
  ])('accepts %s', (_name, change) => {
    expect(isValid(check(change))).toBe(true);
  });

  it.each([
    ['an unknown stage', { target: 'deploy' }, 'target'],
    ['a platform that is none', { platform: 'linux//' }, 'platform'],
    ['a tag in upper case', { tags: ['ok', 'Acme/Web'] }, 'tags'],
    ['a value without a name', { args: [{ name: '', value: 'x', default: null, declared: false }] }, 'args'],
    ['a name with a dash', { args: [{ name: 'A-B', value: 'x', default: null, declared: false }] }, 'args'],
    [
      'a name that is there twice',
      {
        args: [
          { name: 'A', value: '1', default: null, declared: true },
          { name: 'A', value: '2', default: null, declared: false },
        ],
      },
      'args',
    ],
  ] as const)('refuses %s', (_name, change, field) => {
    const problems = check(change);
    expect(isValid(problems)).toBe(false);
    expect(problems[field]).toBeTruthy();
  });

  it('names the row that is wrong', () => {
    expect(Object.keys(check({ tags: ['ok', 'Acme/Web'] }).tags)).toEqual(['1']);
  });
});

it.each([
  ['web', true],
  ['localhost:5000/team/web:1.0', true],
  ['', true],
  ['web:', false],
  ['web:1.0@sha256:'.concat('a'.repeat(64)), false],
  ['a b', false],
])('judges the tag %j', (tag, good) => {
  expect(tagProblem(tag) === null).toBe(good);
});
