import { describe, expect, it } from 'vitest';
import { resolveStepUser } from './step-user.ts';

const PASSWD = [
  'root:x:0:0:root:/root:/bin/sh',
  '# a comment',
  'app:x:1000:1001::/home/app:/bin/sh',
  'short:x:1002',
  'app2:x:1000:9::/second:/bin/sh',
  '12:x:77:78::/home/12:/bin/sh',
  'nohome:x:5:5:::',
].join('\n');
const GROUP = 'root:x:0:root\nstaff:x:50:app,other\naudio:x:29: app\nbad\nwheel:x:10:app,root\n34:x:99:\n';

describe('the user of a step', () => {
  it.each([
    ['', 0, 0, [0, 10], '/root'],
    ['root', 0, 0, [0, 10], '/root'],
    ['0', 0, 0, [0, 10], '/root'],
    ['app', 1000, 1001, [50, 10], '/home/app'],
    ['1000', 1000, 1001, [50, 10], '/home/app'],
    ['app:staff', 1000, 50, [], '/home/app'],
    ['app:50', 1000, 50, [], '/home/app'],
    ['app:', 1000, 1001, [50, 10], '/home/app'],
    ['12', 12, 0, [], '/'],
    ['app:34', 1000, 34, [], '/home/app'],
    ['nohome', 5, 5, [], '/'],
    ['2147483647:2147483647', 2147483647, 2147483647, [], '/'],
    [':staff', 0, 50, [], '/root'],
  ])('%j is %i:%i', (spec, uid, gid, groups, home) => {
    expect(resolveStepUser(spec, PASSWD, GROUP)).toEqual({ uid, gid, groups, home });
  });

  it('needs no lists for root and for numbers', () => {
    expect(resolveStepUser('', null, null)).toEqual({ uid: 0, gid: 0, groups: [], home: '/' });
    expect(resolveStepUser('7:8', null, null)).toEqual({ uid: 7, gid: 8, groups: [], home: '/' });
  });

  it.each([
    ['nobody', 'not-found'],
    ['short', 'not-found'],
    ['app:nobody', 'not-found'],
    ['2147483648', 'invalid-input'],
    ['0:2147483648', 'invalid-input'],
    ['-1', 'not-found'],
  ])('refuses %j', (spec, code) => {
    expect(() => resolveStepUser(spec, PASSWD, GROUP)).toThrow(expect.objectContaining({ code }));
  });
});
