import { randomBytes } from 'node:crypto';
import { makeLayer } from '#electron/sandbox/testing/make-layer.ts';
import { makeRawImage, type RawImage } from '../fixtures/raw-image.ts';
import { type Script, startScriptedRegistry } from '../fixtures/scripted-registry.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

/* Layers so large that the memory they are read into is used again many times. */

const MB = 1024 * 1024;

async function largeImage(sizes: readonly number[]): Promise<RawImage> {
  const layers = sizes.map((size, at) => makeLayer([{ path: `large-${at}`, text: randomBytes(size) }]));
  return makeRawImage((await Promise.all(layers)).map(({ tar }) => tar));
}

const changed = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

/** A script for the first layer alone. */
const forFirst = (
  { layers }: RawImage,
  change: (bytes: Buffer) => { bytes: Buffer; cut?: number },
): Script => ({ blob: (digest, bytes) => (digest === layers[0]?.digest ? change(bytes) : undefined) });

test('large layers that come side by side are whole, also one that breaks off on its way', async ({
  box,
}) => {
  const image = await largeImage([36 * MB, 40 * MB, 2 * MB]);
  let asked = 0;
  const script = forFirst(image, (bytes) => {
    asked += 1;
    return asked === 1 ? { bytes, cut: 20 * MB } : { bytes };
  });
  const registry = await startScriptedRegistry(image, script);
  try {
    const result = await box.strata(['pull', `${registry.host}/team/app:1`, '--json']);
    expect(result.events.at(-1)).toMatchObject({ ok: true, digest: image.manifest.digest });
    expect(asked).toBeGreaterThan(1);
    expect(await findFaults(box.data)).toEqual([]);
  } finally {
    await registry.close();
  }
});

test('a large layer with one changed byte is refused, and comes once it is mended', async ({ box }) => {
  const image = await largeImage([40 * MB]);
  let isMended = false;
  const script = forFirst(image, (bytes) => ({ bytes: isMended ? bytes : changed(bytes, 33 * MB) }));
  const registry = await startScriptedRegistry(image, script);
  try {
    const pull = () => box.strata(['pull', `${registry.host}/team/app:1`, '--json']);
    const refused = await pull();
    expect(refused.code).toBe(1);
    expect(refused.events.at(-1)).toMatchObject({ type: 'error', code: 'digest-mismatch' });
    expect(await findFaults(box.data)).toEqual([]);
    isMended = true;
    expect((await pull()).events.at(-1)).toMatchObject({ ok: true, digest: image.manifest.digest });
    expect(await findFaults(box.data)).toEqual([]);
  } finally {
    await registry.close();
  }
});
