import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { parseImageIndex } from '#shared/oci/manifest-codec.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { hostPlatform } from '../platform/host-platform.ts';
import { statuses, Workshop } from './testing/workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await Workshop.open();
});
afterEach(() => shop.close());

const machine = formatPlatform(hostPlatform());
const BOTH = 'linux/amd64,linux/arm64';
const dockerfile = (...lines: string[]) => shop.write({ Dockerfile: lines.join('\n') });

/** What an index of the store lists. */
async function listed(digest: string) {
  const index = parseImageIndex(await shop.store.content.read(parseDigest(digest)));
  return index.manifests.map((each) => ({
    platform: each.platform === undefined ? '' : formatPlatform(each.platform),
    digest: each.digest,
  }));
}

describe('a build for several platforms', () => {
  it('gives an index of one image a platform, which its names stand for', async () => {
    await dockerfile('FROM scratch', 'ARG TARGETARCH', 'LABEL arch=$TARGETARCH');
    const built = await shop.buildIndex({ platform: BOTH, tags: ['app:1'] });
    expect(built.platforms?.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(await listed(built.digest)).toEqual(
      built.platforms?.map(({ platform, digest }) => ({ platform, digest })),
    );
    const own = built.platforms?.find(({ platform }) => platform === machine);
    expect(built.imageId).toBe(own?.imageId);
    expect(await shop.store.names.resolve(parseReference('app:1'))).toMatchObject({
      digest: own?.digest,
      indexDigest: built.digest,
    });
    expect(await shop.store.documents.get(parseDigest(built.digest))).toMatchObject({
      children: built.platforms?.map(({ digest }) => digest),
    });
    const again = await shop.buildIndex({ platform: BOTH });
    expect(again.digest).toBe(built.digest);
    expect(statuses(again)).toEqual(Array.from({ length: 6 }, () => 'hit'));
  });

  it('tells the steps of each platform apart', async () => {
    await dockerfile('FROM scratch', 'ENV A=1');
    const { steps } = await shop.buildIndex({ platform: BOTH });
    expect(steps.map(({ index, platform, line }) => [index, platform, line])).toEqual([
      [0, 'linux/amd64', 1],
      [1, 'linux/amd64', 2],
      [2, 'linux/arm64', 1],
      [3, 'linux/arm64', 2],
    ]);
    const planned = await shop.predict({ platform: BOTH });
    expect(planned.map(({ platform, predicted }) => [platform, predicted])).toEqual([
      ['linux/amd64', 'hit'],
      ['linux/amd64', 'hit'],
      ['linux/arm64', 'hit'],
      ['linux/arm64', 'hit'],
    ]);
    expect((await shop.build()).steps.every((step) => step.platform === undefined)).toBe(true);
  });

  it('makes what is for the machine that builds once, also without a cache', async () => {
    await shop.write({ 'a.txt': 'a' });
    await dockerfile(
      'FROM --platform=$BUILDPLATFORM scratch AS tools',
      'COPY a.txt /made',
      'FROM scratch',
      'ARG TARGETARCH',
      'ENV ARCH=$TARGETARCH',
      'COPY --from=tools /made /$ARCH',
    );
    const made = ({ steps }: { steps: readonly { instruction: string; status: string }[] }) =>
      steps.filter(({ instruction }) => instruction.startsWith('COPY a.txt')).map(({ status }) => status);
    const first = await shop.buildIndex({ platform: BOTH });
    expect(made(first).sort()).toEqual(['hit', 'miss']);
    expect(made(await shop.buildIndex({ platform: BOTH, noCache: true })).sort()).toEqual(['hit', 'miss']);
    for (const { platform, digest } of first.platforms ?? []) {
      const record = await shop.store.images.get(digest);
      const arch = platform.slice('linux/'.length);
      expect(record === null ? null : Object.keys(await shop.listing(record))).toEqual([arch]);
    }
  });

  it('explains a miss by the earlier step of the same platform', async () => {
    await dockerfile('FROM scratch', 'ARG TARGETARCH', 'ENV ARCH=$TARGETARCH');
    await shop.buildIndex({ platform: BOTH });
    await dockerfile('FROM scratch', 'ARG TARGETARCH', 'ENV ARCH=is-$TARGETARCH');
    const planned = await shop.predict({ platform: BOTH });
    expect(planned.filter(({ line }) => line === 3).map(({ reasons }) => reasons[0]?.detail)).toEqual([
      expect.stringContaining('ARCH=amd64'),
      expect.stringContaining('ARCH=arm64'),
    ]);
  });

  it('is an image alone where one platform is named, twice or not', async () => {
    await dockerfile('FROM scratch', 'ENV A=1');
    const once = await shop.build({ platform: 'linux/arm64' });
    expect(once.record.platform).toMatchObject({ architecture: 'arm64' });
    const twice = await shop.buildIndex({ platform: 'linux/arm64,linux/aarch64' });
    expect(twice).toMatchObject({ digest: once.digest });
    expect(twice.platforms).toBeUndefined();
    const asked = await shop.buildIndex({
      platform: 'linux/arm64',
      buildArgs: { BUILDKIT_MULTI_PLATFORM: '1' },
    });
    expect(await listed(asked.digest)).toEqual([{ platform: 'linux/arm64', digest: once.digest }]);
  });

  it.each([
    ['linux/arm64', 'yes'],
    ['linux/amd64', 'tRUE'],
    ['linux/amd64,linux/arm64', 'false'],
  ])('of %s is refused with BUILDKIT_MULTI_PLATFORM=%s, as by BuildKit', async (platform, word) => {
    await dockerfile('FROM scratch', 'ENV A=1');
    const buildArgs = { BUILDKIT_MULTI_PLATFORM: word };
    await expect(shop.buildIndex({ platform, buildArgs })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('a platform', () => {
  const nothingFetched = ['FROM not.example/base', 'RUN true'];

  it.each(['linux/frob', 'linux/amd64,linux/frob', 'frobix/amd64', 'linux amd64', ','])(
    'that does not exist is told before anything is done: %j',
    async (platform) => {
      await dockerfile(...nothingFetched);
      await expect(shop.build({ platform })).rejects.toMatchObject({ code: 'invalid-input' });
    },
  );

  it('of a FROM that does not exist is told at its line', async () => {
    await dockerfile(...nothingFetched, 'FROM --platform=linux/frob other', 'COPY --from=0 / /');
    await expect(shop.build()).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      message: expect.stringContaining('"frob"'),
      detail: { range: { line: 3 } },
    });
  });

  it('whose RUN cannot run here is told at its line before a base is fetched', async () => {
    await dockerfile('FROM not.example/base', 'COPY . /', 'RUN true');
    await expect(shop.build({ platform: `linux/mips64le,${machine}` })).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      message: expect.stringContaining('linux/mips64le'),
      detail: { range: { line: 3 } },
    });
  });
});
