import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { V8_FLAGS } from './v8-flag.ts';

const major = Number.parseInt(process.versions.v8, 10);
const set = Object.entries(V8_FLAGS).filter(([, { first, last }]) => major >= first && major <= last);

test.each(set.map(([name]) => name))('the version of V8 here knows %s, so nothing is said of it', (name) => {
  const { status, stderr } = spawnSync(process.execPath, [`--${name}=1000`, '--version'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
