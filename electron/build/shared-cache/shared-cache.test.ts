import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from '../testing/workshop.ts';

const DOCKERFILE = `FROM scratch AS files
COPY src /app/
FROM files
ARG API_KEY=none
ARG VERSION=1
ENV TOKEN=$API_KEY
COPY --from=files /app/a.txt /only/
WORKDIR /made
`;

let first: Workshop;
let second: Workshop;
let cache: string;
beforeEach(async () => {
  first = await Workshop.open();
  second = await Workshop.open();
  cache = join(first.folder, 'cache');
  for (const shop of [first, second])
    await shop.write({ Dockerfile: DOCKERFILE, 'src/a.txt': 'one', 'src/b/c.txt': 'two' });
  // Another machine checks the files out at another time.
  await utimes(join(second.context, 'src/a.txt'), 1_000_000, 1_000_000);
});
afterEach(async () => {
  await first.close();
  await second.close();
});

const to = (mode = 'max') => ({ cacheTo: [`type=local,dest=${cache},mode=${mode}`] });
const from = () => ({ cacheFrom: [`type=local,src=${cache}`] });
const statuses = (steps: readonly { status: string }[]) => steps.map(({ status }) => status);
const kinds = (steps: readonly { reasons: readonly { kind: string }[] }[]) =>
  steps.map(({ reasons }) => reasons.map(({ kind }) => kind).join());

/** The text of all blobs of the cache that are no layers. */
async function textOfCache(): Promise<string> {
  const folder = join(cache, 'blobs', 'sha256');
  const blobs = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return blobs.map((bytes) => bytes.toString('latin1')).join('\n');
}

describe('a shared cache', () => {
  it('gives another machine every step and the same image, and says who built it', async () => {
    const built = await first.build(to());
    expect(built.log).toContain('Wrote the shared cache');
    const foreseen = await second.predict(from());
    expect(foreseen.map(({ predicted }) => predicted)).toEqual(foreseen.map(() => 'hit'));
    const again = await second.build(from());
    expect(again.digest).toBe(built.digest);
    expect(statuses(again.steps)).toEqual(again.steps.map(() => 'hit'));
    expect(kinds(again.steps)).toEqual(again.steps.map(() => 'shared-cache'));
    expect(again.steps[1]?.reasons[0]?.detail).toMatch(
      /^From the shared cache .*, built by \S+ on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
    );
    // From now on the steps are its own.
    await rm(cache, { recursive: true });
    const alone = await second.build();
    expect(alone.digest).toBe(built.digest);
    expect(kinds(alone.steps)).toEqual(alone.steps.map(() => ''));
  });

  it('explains a miss with the files and arguments that differ, but never a value', async () => {
    await first.build({ ...to(), buildArgs: { VERSION: 'early-one', API_KEY: 'hunter2' } });
    await second.write({ 'src/a.txt': 'changed' });
    const built = await second.build({ ...from(), buildArgs: { VERSION: 'later-one' } });
    const [, copy] = built.steps;
    expect(copy?.reasons).toEqual([
      {
        kind: 'files-changed',
        detail: `src/a.txt changed. Compared with the shared cache ${cache}.`,
        paths: ['src/a.txt'],
      },
    ]);
    const arg = built.steps.find(({ instruction }) => instruction.includes('VERSION'));
    expect(arg?.reasons[0]).toMatchObject({
      kind: 'argument-changed',
      detail: expect.stringContaining('Build argument VERSION changed (its value is not kept)'),
    });
    expect(JSON.stringify(built.steps)).not.toContain('early-one');
    expect(await textOfCache()).not.toMatch(/hunter2|early-one/);
  });

  it('keeps only the steps of the image unless it is told to keep all', async () => {
    await first.write({
      Dockerfile: 'FROM scratch AS a\nCOPY src /a/\nFROM scratch\nCOPY --from=a /a/a.txt /\n',
    });
    await second.write({ Dockerfile: await readFile(join(first.context, 'Dockerfile'), 'utf8') });
    await first.build(to('min'));
    expect(kinds((await second.build(from())).steps)).toEqual([
      'shared-cache',
      'no-earlier-build',
      'shared-cache',
      'shared-cache',
    ]);
  });

  it('that is broken gives a warning and a normal build', async () => {
    const { digest } = await first.build(to());
    const folder = join(cache, 'blobs', 'sha256');
    const layers = (await first.build()).record.layers;
    const spoilt = layers[0]?.digest.split(':')[1] ?? '';
    const bytes = await readFile(join(folder, spoilt));
    await writeFile(join(folder, spoilt), bytes.fill(7, 20, 40));
    const built = await second.build(from());
    expect(built.log).toContain('Warning: The shared cache');
    expect(built.log).toContain('The build goes on without it.');
    expect(built.steps[1]).toMatchObject({ status: 'miss', reasons: [{ kind: 'no-earlier-build' }] });
    expect(await second.listing(built.record)).toMatchObject({ 'only/a.txt': 'file 644 0:0 one' });
    expect(digest).not.toBe('');
  });

  it.each([
    ['no JSON', 'not json'],
    ['a list of nothing known', '{"strataBuildCache":99,"steps":[]}'],
  ])('whose manifest is %s gives a warning and a normal build', async (_name, text) => {
    await first.build(to());
    await writeFile(join(cache, 'index.json'), text);
    const built = await second.build(from());
    expect(built.log).toContain('Warning: the shared cache');
    expect(built.steps.every(({ status }) => status === 'miss')).toBe(true);
    const foreseen = await second.predict({ ...from(), noCacheFilter: ['files'] });
    expect(foreseen.length).toBeGreaterThan(0);
  });

  it('that cannot be written leaves the build as it is, unless that is not to be ignored', async () => {
    await first.write({ blocked: 'a file' });
    const blocked = `type=local,dest=${join(first.context, 'blocked')}`;
    expect((await first.build({ cacheTo: [blocked] })).log).toContain('could not be written');
    await expect(first.build({ cacheTo: [`${blocked},ignore-error=false`] })).rejects.toMatchObject({
      message: expect.stringContaining('The image was built, but its cache could not be written'),
    });
  });

  it('is foreseen as not known where it cannot be read', async () => {
    await first.build(to());
    await writeFile(join(cache, 'index.json'), 'not json');
    const foreseen = await second.predict(from());
    expect(foreseen.map(({ predicted }) => predicted)).toEqual(foreseen.map(() => 'unknown'));
    expect(kinds(foreseen)[1]).toBe('no-earlier-build,shared-cache-unknown');
  });
});
