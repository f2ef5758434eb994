import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nameAs, statuses, Workshop } from './testing/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await Workshop.open();
});
afterEach(() => shop.close());

const dockerfile = (...lines: string[]) => shop.write({ Dockerfile: lines.join('\n') });
const paths = async (options = {}) => Object.keys(await shop.listing((await shop.build(options)).record));

/** A folder beside the context. */
async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const place = join(shop.folder, name);
  await mkdir(place);
  for (const [path, text] of Object.entries(files)) await writeFile(join(place, path), text);
  return place;
}

/** An image of the store under a name: one file. */
async function image(name: string, path: string, extra = ''): Promise<void> {
  await shop.write({
    'made.txt': name,
    Dockerfile: `FROM scratch\nCOPY made.txt ${path}\nENV NAME=${path}\n${extra}`,
  });
  await nameAs(shop, await shop.build(), name);
}

describe('a named build context', () => {
  it('is a folder to copy from, with its own ignore file', async () => {
    const place = await folder('other', { 'a.txt': 'A', 'b.md': 'B', '.dockerignore': '*.md\n' });
    await dockerfile('FROM scratch', 'COPY --from=other . /o/');
    const options = { contexts: { other: place } };
    expect(await paths(options)).toEqual(['o', 'o/.dockerignore', 'o/a.txt']);
    await writeFile(join(place, 'a.txt'), 'changed');
    expect((await shop.predict(options)).at(-1)?.reasons).toMatchObject([
      { kind: 'files-changed', paths: ['a.txt'] },
    ]);
    await expect(shop.build({ contexts: { other: '../gone' } })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is a folder to begin with', async () => {
    const place = await folder('root', { one: '1' });
    await dockerfile('FROM root', 'COPY Dockerfile /two');
    const options = { contexts: { root: place } };
    expect(await paths(options)).toEqual(['one', 'two']);
    expect(statuses(await shop.build(options))).toEqual(['hit', 'hit']);
    await writeFile(join(place, 'one'), 'changed');
    const predicted = await shop.predict(options);
    expect(predicted.map((step) => step.predicted)).toEqual(['miss', 'miss']);
    const changed = await shop.build(options);
    expect(changed.steps[0]?.reasons).toMatchObject([{ kind: 'files-changed', paths: ['one'] }]);
    expect((await shop.listing(changed.record)).one).toBe('file 644 0:0 changed');
  });

  it('is an image in the place of another, however that is written', async () => {
    await image('real:1', '/real');
    await dockerfile('FROM docker.io/library/alpine', 'COPY --from=alpine:latest /real /copied');
    const options = { contexts: { alpine: 'docker-image://real:1' } };
    expect(await paths(options)).toEqual(['real', 'copied']);
    await expect(shop.build()).rejects.toMatchObject({ code: 'base-not-found' });
  });

  it('is an image layout', async () => {
    await image('real:1', '/real');
    const { paths: store, names } = shop.store;
    const name = (await names.list())[0];
    await dockerfile('FROM base', 'COPY --from=base /real /copied');
    const other = await Workshop.open();
    try {
      await other.write({ Dockerfile: 'FROM base\nCOPY --from=base /real /copied\n' });
      for (const layout of [store.home, `${store.home}:1`, `${store.home}@${name?.digest}`]) {
        const contexts = { base: `oci-layout://${layout}` };
        const built = await other.build({ contexts });
        expect(Object.keys(await other.listing(built.record))).toEqual(['real', 'copied']);
        expect(built.config.config.env).toContain('NAME=/real');
      }
      const contexts = { base: `oci-layout://${store.home}:2` };
      await expect(other.build({ contexts })).rejects.toMatchObject({ code: 'not-found' });
      await writeFile(
        store.blob((await shop.store.images.list())[0]?.layers[0]?.digest ?? ('' as never)),
        'broken',
      );
      const fresh = await Workshop.open();
      await fresh.write({ Dockerfile: 'FROM base\n' });
      await expect(fresh.build({ contexts: { base: `oci-layout://${store.home}` } })).rejects.toThrow();
      expect(await fresh.store.images.list()).toEqual([]);
      await fresh.close();
    } finally {
      await other.close();
    }
  });

  it('is another stage', async () => {
    await shop.write({ a: 'a', b: 'b' });
    await dockerfile('FROM scratch AS one', 'COPY a /a', 'FROM nowhere:1', 'COPY --from=files /a /copied');
    expect(await paths({ contexts: { 'nowhere:1': 'target:one', files: 'target:one' } })).toEqual([
      'a',
      'copied',
    ]);
    const wrong = { contexts: { 'nowhere:1': 'target:none' } };
    await expect(shop.build(wrong)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('takes the place of a stage of its name, whose steps are not done', async () => {
    const place = await folder('built', { 'app.js': 'built elsewhere' });
    await dockerfile('FROM nowhere:1 AS build', 'RUN make', 'FROM scratch', 'COPY --from=build /app.js /');
    const built = await shop.build({ contexts: { build: place } });
    expect(await shop.listing(built.record)).toEqual({ 'app.js': 'file 644 0:0 built elsewhere' });
    expect(built.steps.map((step) => step.line)).toEqual([1, 3, 4]);
  });

  it.each([
    [{ x: '' }, 'invalid-input'],
    [{ x: 'https://example.com/x.tar' }, 'unsupported'],
    [{ x: 'docker-image://UPPER' }, 'invalid-input'],
  ])('is refused as %j', async (contexts, code) => {
    await dockerfile('FROM x');
    await expect(shop.build({ contexts: contexts as Record<string, string> })).rejects.toMatchObject({
      code,
    });
  });
});

describe('the cache of a build', () => {
  it('is left out for the stages that a filter names', async () => {
    await shop.write({ a: 'a' });
    await dockerfile(
      'FROM scratch AS one',
      'COPY a /1',
      'FROM scratch AS two',
      'COPY a /2',
      'COPY --from=one /1 /3',
    );
    await shop.build();
    const built = await shop.build({ noCacheFilter: ['ONE'] });
    expect(statuses(built)).toEqual(['miss', 'miss', 'hit', 'hit', 'hit']);
    expect(built.steps[1]?.reasons[0]?.kind).toBe('cache-off');
  });

  it('does not depend on the base for a linked copy, as long as no name of a user must be looked up', async () => {
    await shop.write({ a: 'a' });
    const linked = ['COPY --link a /d/a', 'COPY --link --chown=root a /b'];
    await shop.write({ passwd: 'root:x:0:0::/:/bin/sh\n' });
    await dockerfile('FROM scratch', 'COPY passwd /etc/passwd', 'COPY a /one', ...linked);
    await shop.build();
    await dockerfile('FROM scratch', 'COPY passwd /etc/passwd', 'COPY a /two', ...linked);
    const predicted = (await shop.predict()).map((step) => step.predicted);
    expect(predicted).toEqual(['hit', 'hit', 'miss', 'hit', 'miss']);
    const built = await shop.build();
    expect(statuses(built)).toEqual(['hit', 'hit', 'miss', 'hit', 'miss']);
    expect(Object.keys(await shop.listing(built.record))).toEqual([
      'etc',
      'etc/passwd',
      'two',
      'd',
      'd/a',
      'b',
    ]);
  });
});

describe('build checks that count as errors', () => {
  it('fail a build and its prediction at the first finding', async () => {
    await dockerfile('# check=error=true', 'FROM scratch as one', 'LABEL a b', 'CMD run');
    const error = {
      code: 'dockerfile-invalid',
      message: expect.stringMatching(/FromAsCasing fails the build.*There are 2 more findings/),
      detail: { kind: 'source', range: { line: 2 } },
    };
    await expect(shop.build()).rejects.toMatchObject(error);
    await expect(shop.predict()).rejects.toMatchObject(error);
  });

  it('may be left out by rule, and asked for by a build argument', async () => {
    await dockerfile('# check=skip=FromAsCasing;error=true', 'FROM scratch as one', 'ENV A=1');
    await shop.build();
    await expect(
      shop.build({ buildArgs: { BUILDKIT_DOCKERFILE_CHECK: 'error=true' } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('FromAsCasing') });
  });

  it('know the variables of bases that are in the store', async () => {
    await image('base:1', '/base', 'ENV ROOT=/r');
    await dockerfile('# check=error=true', 'FROM base:1', 'WORKDIR $ROOT/x');
    await shop.build();
    await dockerfile('# check=error=true', 'FROM base:1', 'WORKDIR $RROT/x');
    await expect(shop.build()).rejects.toMatchObject({ message: expect.stringContaining('UndefinedVar') });
  });
});

describe('another platform', () => {
  it('has bases and settings, and RUN is refused at its line where nothing can execute it', async () => {
    await shop.write({ a: 'a' });
    const platform = 'linux/sparc64';
    await dockerfile('FROM scratch', 'ARG TARGETARCH', 'COPY a /$TARGETARCH', 'ENV ARCH=$TARGETARCH');
    const built = await shop.build({ platform });
    expect(built.config).toMatchObject({ platform: { architecture: 'sparc64' } });
    expect(built.config.config.env).toContain('ARCH=sparc64');
    await dockerfile('FROM scratch', 'COPY a /', 'RUN ["/a"]');
    await expect(shop.build({ platform })).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      message: expect.stringContaining('cannot execute programs of linux/sparc64'),
      detail: { range: { line: 3 } },
    });
  });
});

describe('COPY --link', () => {
  it('does not follow what is there and sets the folders anew', async () => {
    await shop.write({ a: 'a', 'd/x': 'x' });
    await dockerfile(
      'FROM scratch',
      'COPY --chown=5 d /real',
      'COPY <<EOF /made',
      'EOF',
      'COPY --link a /real/a',
      'COPY --link d /made',
    );
    const listing = await shop.listing((await shop.build()).record);
    expect(listing).toEqual({
      real: 'directory 755 0:0',
      'real/x': 'file 644 5:5 x',
      'real/a': 'file 644 0:0 a',
      made: 'directory 755 0:0',
      'made/x': 'file 644 0:0 x',
    });
  });
});

describe('COPY --parents', () => {
  const files = { 'a/b/c.go': 'c', 'a/b/d.md': 'd', 'a/e/f.go': 'f', 'g.go': 'g', 'a/b/sub/h.txt': 'h' };

  it.each([
    [
      ['a/b/c.go', 'g.go'],
      ['a', 'a/b', 'a/b/c.go', 'g.go'],
    ],
    [['a/*/*.go'], ['a', 'a/b', 'a/b/c.go', 'a/e', 'a/e/f.go']],
    [['./a/./b/c.go'], ['b', 'b/c.go']],
    [['a/./*/*.go'], ['b', 'b/c.go', 'e', 'e/f.go']],
    [['**/*.go'], ['a', 'a/b', 'a/b/c.go', 'a/e', 'a/e/f.go', 'g.go']],
    [['a/b'], ['a', 'a/b', 'a/b/c.go', 'a/b/d.md', 'a/b/sub', 'a/b/sub/h.txt']],
    [['a/./'], ['b', 'b/c.go', 'b/d.md', 'b/sub', 'b/sub/h.txt', 'e', 'e/f.go']],
    [['a/*/none'], []],
    [
      ['--exclude=*/b', 'a/*/*.go'],
      ['a', 'a/e', 'a/e/f.go'],
    ],
  ])('of %j', async (words, expected) => {
    await shop.write(files);
    const flags = words.filter((word) => word.startsWith('--'));
    const sources = words.filter((word) => !word.startsWith('--'));
    await dockerfile('FROM scratch', `COPY --parents ${flags.join(' ')} ${sources.join(' ')} /x/`);
    const found = (await paths()).filter((path) => path !== 'x').map((path) => path.slice(2));
    expect(found).toEqual(expected);
  });

  it('refuses a path that is not there', async () => {
    await shop.write(files);
    await dockerfile('FROM scratch', 'COPY --parents a/./gone /x/');
    await expect(shop.build()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('a/./gone'),
    });
  });

  it('counts only what it copies', async () => {
    await shop.write(files);
    await dockerfile('FROM scratch', 'COPY --parents **/*.go /x/');
    await shop.build();
    await shop.write({ 'a/b/d.md': 'changed', 'new.md': 'n' });
    expect((await shop.predict()).at(-1)?.predicted).toBe('hit');
    await shop.write({ 'a/b/new.go': 'n' });
    expect((await shop.predict()).at(-1)?.reasons).toMatchObject([{ paths: ['a/b/new.go'] }]);
  });
});

describe('triggers of a base image', () => {
  it('may take files from stages of the Dockerfile that nothing else needs', async () => {
    await image('base:1', '/base', 'ONBUILD COPY --from=tools /t /triggered\n');
    await shop.write({ t: 't' });
    await dockerfile('FROM scratch AS tools', 'COPY t /t', 'FROM base:1', 'COPY t /own');
    const built = await shop.build();
    expect(Object.keys(await shop.listing(built.record))).toEqual(['base', 'triggered', 'own']);
    expect(built.steps.map((step) => step.stage)).toEqual(['1', '1', '1', 'tools', 'tools']);
    expect(statuses(await shop.build())).toEqual(Array(5).fill('hit'));
  });

  it('may not wait for the stage that runs them', async () => {
    await image('base:1', '/base', 'ONBUILD COPY --from=later /x /x\n');
    await dockerfile('FROM base:1 AS first', 'FROM first AS later', 'COPY Dockerfile /x', 'FROM later');
    await expect(shop.build()).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      detail: { range: { line: 1 } },
    });
  });
});

describe('--pull', () => {
  it('asks for bases that are here, and makes no promise before', async () => {
    await image('base:1', '/base');
    await dockerfile('FROM base:1');
    await shop.build();
    expect((await shop.predict({ pull: true }))[0]?.reasons[0]?.detail).toContain('may have moved');
    // The bases of this test cannot be fetched: it was asked for one.
    await expect(shop.build({ pull: true })).rejects.toMatchObject({ code: 'base-not-found' });
  });
});
