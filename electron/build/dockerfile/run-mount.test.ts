import { describe, expect, it } from 'vitest';
import { expandWord } from './expand.ts';
import { readRunMountFlag, resolveRunMount } from './run-mount.ts';

const PLACE = { path: 'Dockerfile', range: { line: 2, column: 0, endLine: 2, endColumn: 5 } };
const VALUES = new Map([
  ['dir', '/cache'],
  ['kind', 'cache'],
]);

function mount(text: string) {
  return resolveRunMount(readRunMountFlag(text, PLACE, '\\'), (word) =>
    expandWord(word, (name) => VALUES.get(name)),
  );
}

const NO_OWNER = { mode: null, uid: null, gid: null };

describe('RUN --mount', () => {
  it.each([
    ['target=/x', { type: 'bind', target: '/x', source: '', from: null, readonly: true }],
    [
      'type=bind,source=a,dst=b,from=base,rw',
      { type: 'bind', target: 'b', source: 'a', from: 'base', readonly: false },
    ],
    [
      'type=bind,src=a,destination=/b,readwrite=false',
      { type: 'bind', target: '/b', source: 'a', from: null, readonly: true },
    ],
    ['TYPE=Bind,Target=/x,ro', { type: 'bind', target: '/x', source: '', from: null, readonly: true }],
    [
      'type=cache,target=/x',
      {
        type: 'cache',
        target: '/x',
        id: null,
        sharing: 'shared',
        source: '',
        from: null,
        readonly: false,
        ...NO_OWNER,
      },
    ],
    [
      'type=cache,id=n,target=/x,ro,sharing=LOCKED,from=f,source=s,mode=0700,uid=1,gid=2',
      {
        type: 'cache',
        target: '/x',
        id: 'n',
        sharing: 'locked',
        source: 's',
        from: 'f',
        readonly: true,
        mode: 0o700,
        uid: 1,
        gid: 2,
      },
    ],
    ['type=tmpfs,target=/x,size=64m', { type: 'tmpfs', target: '/x', size: 67_108_864 }],
    ['type=tmpfs,target=/x', { type: 'tmpfs', target: '/x', size: null }],
    ['type=secret,id=a', { type: 'secret', id: 'a', target: null, env: null, required: false, ...NO_OWNER }],
    ['type=secret,src=a', { type: 'secret', id: 'a', target: null, env: null, required: false, ...NO_OWNER }],
    [
      'type=secret,target=/run/x/tok',
      { type: 'secret', id: 'tok', target: '/run/x/tok', env: null, required: false, ...NO_OWNER },
    ],
    [
      'type=secret,id=a,env=TOKEN,required',
      { type: 'secret', id: 'a', target: null, env: 'TOKEN', required: true, ...NO_OWNER },
    ],
    [
      'type=secret,id=a,required=false,mode=0440',
      {
        type: 'secret',
        id: 'a',
        target: null,
        env: null,
        required: false,
        mode: 0o440,
        uid: null,
        gid: null,
      },
    ],
    ['type=ssh', { type: 'ssh', id: 'default', target: null, required: false, ...NO_OWNER }],
    [
      'type=ssh,id=k,target=/s,required=true',
      { type: 'ssh', id: 'k', target: '/s', required: true, ...NO_OWNER },
    ],
    ['"target=/a,b",source=c', { type: 'bind', target: '/a,b', source: 'c', from: null, readonly: true }],
    ['type=$kind,target=$dir', { type: 'cache', target: '/cache' }],
    ['type=cache,target="/q"', undefined],
  ])('reads %s', (text, expected) => {
    if (expected === undefined) expect(() => mount(text)).toThrow(/comma-separated/);
    else expect(mount(text)).toMatchObject(expected);
  });

  it.each([
    ['targt=/x', /"targt" is no option/, /Did you mean target/],
    ['type=volume,target=/x', /"volume" is no type/, /bind, cache/],
    ['target', /"target" has no value/, /target=VALUE/],
    ['type=bind', /needs a target/, /target=/],
    ['target=/', /cannot be \//, /below the root/],
    ['target=/,ro', /cannot be \//, /below the root/],
    ['type=bind,target=/x,mode=0700', /"mode" does not belong/, /Remove/],
    ['type=bind,target=/x,sharing=shared', /"sharing" does not belong/, /Remove/],
    ['type=tmpfs,target=/x,uid=1', /"uid" does not belong/, /Remove/],
    ['type=cache,target=/x,size=1m', /"size" does not belong/, /Remove/],
    ['type=cache,target=/x,required', /"required" does not belong/, /Remove/],
    ['type=secret,id=a,from=b', /"from" does not belong/, /Remove/],
    ['type=secret', /needs an id or a target/, /id=/],
    ['type=secret,id=a,source=b', /either id or source/, /source/],
    ['type=cache,target=/x,sharing=lcoked', /"lcoked" is no way/, /locked/],
    ['type=tmpfs,target=/x,size=big', /"big" is no size/, /64m/],
    ['type=cache,target=/x,mode=9', /mode=9 is no octal number/, /0600/],
    ['type=cache,target=/x,uid=-1', /uid=-1 is no number/, /1000/],
    ['type=cache,target=/x,uid=99999999999', /is no number/, /1000/],
    ['type=ssh,required=maybe', /neither true nor false/, /required/],
    ['target=/x,ro=maybe', /neither true nor false/, /readonly|ro/],
    ['target=/x,from=$base', /variable in from=/, /stage of its own/],
    ['"target=/x', /comma-separated/, /double quotes/],
  ])('refuses %s', (text, message, hint) => {
    expect(() => readRunMountFlag(text, PLACE, '\\')).toThrow(message);
    expect(() => readRunMountFlag(text, PLACE, '\\')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(hint) }),
    );
  });

  it('leaves values with variables until they are known', () => {
    const flag = readRunMountFlag('type=$kind,target=$nothing', PLACE, '\\');
    expect(() => resolveRunMount(flag, (word) => expandWord(word, () => undefined))).toThrow(/"" is no type/);
  });
});
