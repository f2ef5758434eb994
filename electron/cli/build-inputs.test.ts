import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBuildInputs } from './build-inputs.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'strata-inputs-'));
  await writeFile(join(cwd, 'token'), 'secret');
});
afterAll(() => rm(cwd, { recursive: true }));

const read = (values: Record<string, string | string[] | boolean>) =>
  readBuildInputs(
    { positionals: [], values },
    { cwd, env: { NPM_TOKEN: 'x', SSH_AUTH_SOCK: '/run/agent.sock' } },
  );

describe('what a build is given on the command line', () => {
  it('is nothing by default', () => expect(read({})).toEqual({}));

  it.each([
    ['secret', 'id=t,src=token', { secrets: [{ id: 't', file: 'CWD/token' }] }],
    ['secret', 'id=t,source=./token', { secrets: [{ id: 't', file: 'CWD/token' }] }],
    ['secret', 'type=file,id=token', { secrets: [{ id: 'token', file: 'CWD/token' }] }],
    ['secret', 'id=t,env=NPM_TOKEN', { secrets: [{ id: 't', env: 'NPM_TOKEN' }] }],
    ['secret', 'type=env,id=NPM_TOKEN', { secrets: [{ id: 'NPM_TOKEN', env: 'NPM_TOKEN' }] }],
    ['secret', 'id=NPM_TOKEN', { secrets: [{ id: 'NPM_TOKEN', env: 'NPM_TOKEN' }] }],
    ['ssh', 'default', { ssh: [{ id: 'default', socket: '/run/agent.sock' }] }],
    ['ssh', 'git=my.sock', { ssh: [{ id: 'git', socket: 'CWD/my.sock' }] }],
    ['build-context', 'src=../other', { contexts: { src: 'PARENT/other' } }],
    ['build-context', 'a=docker-image://alpine:3', { contexts: { a: 'docker-image://alpine:3' } }],
    ['build-context', 'a=oci-layout://store:1', { contexts: { a: 'oci-layout://CWD/store:1' } }],
    ['build-context', 'a=target:build', { contexts: { a: 'target:build' } }],
    ['label', 'a=b=c', { labels: { a: 'b=c' } }],
    ['label', 'empty', { labels: { empty: '' } }],
    ['allow', 'security.insecure', { allow: ['security.insecure'] }],
    ['no-cache-filter', 'a,b', { noCacheFilter: ['a', 'b'] }],
  ])('--%s %s', (option, word, expected) => {
    const text = JSON.stringify(expected).replaceAll('CWD', cwd).replaceAll('PARENT', join(cwd, '..'));
    expect(read({ [option]: [word] })).toEqual(JSON.parse(text));
  });

  it('takes --pull', () => expect(read({ pull: true })).toEqual({ pull: true }));

  it.each([
    ['secret', 'src=token', 'is not what --secret takes'],
    ['secret', 'id=t,file=token', 'is not what --secret takes'],
    ['secret', 'id=t,src=gone', 'does not exist'],
    ['ssh', '=x', 'is not what --ssh takes'],
    ['build-context', 'src', 'is not what --build-context takes'],
    ['label', '=x', 'is not what --label takes'],
    ['allow', 'all', 'is not what --allow takes'],
  ])('refuses --%s %s', (option, word, message) => {
    expect(() => read({ [option]: [word] })).toThrow(message);
  });
});
