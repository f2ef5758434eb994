import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFakeHelper } from '../../registry/testing/fake-helper.ts';
import { checkCredentialHelpers } from './check-credential-helpers.ts';

describe('the look at credential helpers', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'strata-helpers-'));
    await mkdir(join(home, '.docker'));
    await makeFakeHelper(join(home, 'bin'), 'here');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const check = async (text: string) => {
    await writeFile(join(home, '.docker/config.json'), text);
    return checkCredentialHelpers({ HOME: home, PATH: join(home, 'bin') });
  };

  it('warns of each that is named and not installed', async () => {
    const config = { credsStore: 'gone', credHelpers: { 'ghcr.io': 'here', 'a.io': 'lost', 'b.io': 'lost' } };
    const found = await check(JSON.stringify(config));
    expect(found.map(({ state }) => state)).toEqual(['warning', 'warning']);
    expect(found[0]?.finding).toMatch(/^docker-credential-gone is not installed\..*all registries/);
    expect(found[1]?.finding).toMatch(/^docker-credential-lost is not installed\..*a\.io, b\.io/);
    expect(found[1]?.mend).toBe(
      `Install it, or take it out of credHelpers in ${join(home, '.docker/config.json')} and sign in again.`,
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  });

  it('is content with what is installed, and silent where none is named', async () => {
    expect(await check('{"credsStore":"here"}')).toMatchObject([
      { state: 'ok', finding: 'Installed: docker-credential-here.' },
    ]);
    expect(await check('{"auths":{}}')).toEqual([]);
  });

  it('tells of a file that cannot be read', async () => {
    expect(await check('{')).toMatchObject([
      { state: 'warning', finding: expect.stringContaining('is not valid JSON') },
    ]);
  });
});
