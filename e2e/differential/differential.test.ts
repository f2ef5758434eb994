import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBusybox } from '#electron/engine/testing/busybox-base.ts';
import { findDockerd } from '#electron/engine/testing/start-dockerd.ts';
import { probeSandbox } from '#electron/sandbox/probe.ts';
import { makeBaseTar } from './base-image.ts';
import { BuildKit } from './buildkit.ts';
import { type BuiltImage, compareImages } from './built-image.ts';
import { ALL_CASES } from './cases/all-cases.ts';
import { randomCase } from './random-case.ts';
import { StrataBuilder } from './strata-builder.ts';
import { writeContext } from './write-context.ts';

const isThere =
  (await findDockerd()) !== null && (await findBusybox()) !== null && (await probeSandbox()).available;
/** Builds of BuildKit that run at the same time. */
const AT_ONCE = 4;
const CASES = [...ALL_CASES, ...Array.from({ length: 16 }, (_, seed) => randomCase(seed))];

describe.skipIf(!isThere)('Strata and BuildKit build the same (needs docker.io, busybox and root)', () => {
  let folder: string;
  let strata: StrataBuilder;
  const theirs = new Map<string, BuiltImage>();
  const refused = new Map<string, string>();
  const place = (name: string) => join(folder, name.replaceAll(' ', '-'));
  const tag = (name: string) => `case/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-differential-'));
    for (const one of CASES) await writeContext(place(one.name), one);
    const base = await makeBaseTar();
    strata = await StrataBuilder.start(base);
    const buildkit = await BuildKit.start(base);
    try {
      const queue = [...CASES];
      const work = async () => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
          const { name } = one;
          try {
            await buildkit.build(place(name), tag(name), one);
            theirs.set(name, await buildkit.image(tag(name)));
          } catch (error) {
            const lines = (error as Error).message.trim().split('\n');
            refused.set(name, lines.slice(-12).join('\n'));
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (theirs.size === 0) throw new Error(`BuildKit builds nothing: ${[...refused.values()][0]}`);
    } finally {
      await buildkit.stop();
    }
  }, 400_000);
  afterAll(async () => {
    await strata?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(CASES)('$name', async (one) => {
    if (one.fails === true || (one.mayFail === true && refused.has(one.name))) {
      expect(refused.get(one.name)).toBeDefined();
      await expect(strata.build(place(one.name), one)).rejects.toThrow();
      return;
    }
    if (one.refused !== undefined) {
      expect(refused.has(one.name)).toBe(false);
      await expect(strata.build(place(one.name), one)).rejects.toThrow();
      return;
    }
    const other = theirs.get(one.name);
    if (other === undefined) throw new Error(`BuildKit: ${refused.get(one.name)}`);
    const found = compareImages(await strata.build(place(one.name), one), other);
    const known = one.differences ?? [];
    expect(found.filter((line) => !known.some((difference) => difference.line.test(line)))).toEqual([]);
    // A difference that is no longer there is not to be excused for ever.
    expect(known.filter(({ line }) => !found.some((text) => line.test(text)))).toEqual([]);
  });
});
