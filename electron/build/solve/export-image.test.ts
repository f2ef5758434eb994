import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { type Built, nameAs, Workshop } from '../testing/workshop.ts';

describe('the manifest of a built image', () => {
  let shop: Workshop;
  let base: Built;
  beforeEach(async () => {
    shop = await Workshop.open();
    await shop.write({ Dockerfile: 'FROM scratch\nCOPY a.txt /\n', 'a.txt': 'a' });
    base = await shop.build();
    await nameAs(shop, base, 'example.com/team/tools:1');
  });
  afterEach(() => shop.close());

  const annotationsOf = async (built: Built) =>
    parseImageManifest(await shop.store.content.read(built.record.digest)).annotations;

  it('names the base through all stages, with the digest it had', async () => {
    await shop.write({
      Dockerfile: 'ARG V=1\nFROM example.com/team/tools:$V AS one\nCOPY a.txt /b\nFROM one\nLABEL x=y\n',
    });
    expect(await annotationsOf(await shop.build())).toEqual({
      'org.opencontainers.image.base.digest': base.digest,
      'org.opencontainers.image.base.name': 'example.com/team/tools:1',
    });
  });

  it('names no base of an image from scratch, and none that files were only taken from', async () => {
    expect(await annotationsOf(base)).toBeUndefined();
    await shop.write({ Dockerfile: 'FROM scratch\nCOPY --from=example.com/team/tools:1 /a.txt /\n' });
    expect(await annotationsOf(await shop.build())).toBeUndefined();
  });

  it('is the same for the same input', async () => {
    await shop.write({ Dockerfile: 'FROM example.com/team/tools:1\nCOPY a.txt /b\n' });
    const first = await shop.build();
    expect((await shop.build()).digest).toBe(first.digest);
    await nameAs(shop, base, 'tools:2');
    await shop.write({ Dockerfile: 'FROM tools:2\nCOPY a.txt /b\n' });
    const renamed = await shop.build();
    expect([renamed.imageId, renamed.digest === first.digest]).toEqual([first.imageId, false]);
  });
});
