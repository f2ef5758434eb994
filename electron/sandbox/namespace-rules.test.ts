import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNamespaceRules } from './namespace-rules.ts';

let settings: string;
beforeEach(async () => {
  settings = await mkdtemp(join(tmpdir(), 'strata-rules-'));
});
afterEach(() => rm(settings, { recursive: true }));

const calm = { appArmorRestricts: false, isSwitchedOff: false, isLimitedToNone: false };

describe('the rules for user namespaces', () => {
  it.each([
    ['kernel/apparmor_restrict_unprivileged_userns', '1\n', { appArmorRestricts: true }],
    ['kernel/apparmor_restrict_unprivileged_userns', '0\n', {}],
    ['kernel/unprivileged_userns_clone', '0\n', { isSwitchedOff: true }],
    ['kernel/unprivileged_userns_clone', '1\n', {}],
    ['user/max_user_namespaces', '0\n', { isLimitedToNone: true }],
    ['user/max_user_namespaces', '15000\n', {}],
  ])('%s of %j', async (name, text, expected) => {
    await mkdir(dirname(join(settings, name)), { recursive: true });
    await writeFile(join(settings, name), text);
    expect(await readNamespaceRules(settings)).toEqual({ ...calm, ...expected });
  });

  it('forbid nothing on a kernel that has none of them', async () => {
    expect(await readNamespaceRules(settings)).toEqual(calm);
  });
});
