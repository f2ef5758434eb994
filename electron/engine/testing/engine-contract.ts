import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { containerSummary } from '#shared/contract/containers.ts';
import { engineStatus } from '#shared/contract/engines.ts';
import { imageDetail, imageSummary } from '#shared/contract/images.ts';
import { parseReference } from '#shared/oci/reference.ts';
import type { Engine } from '../engine.ts';

/** An engine under test, with one image that bears exactly the given name. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** Puts a fresh image under `name` and returns its id; each call gives different content. */
  addImage(name: string): Promise<string>;
  /** Ends what the engine was made with. */
  dispose(): Promise<void>;
}

/**
 * What every engine promises, whatever it is made of. `makeEngine` gives an engine that may hold images already;
 * the suite leaves it as it found it.
 */
export function describeEngine(name: string, makeEngine: () => Promise<EngineUnderTest>): void {
  describe(`${name} keeps the promises of an engine`, () => {
    let subject: EngineUnderTest;
    let before: string[];
    const images = () => subject.engine.images;
    const ref = (text: string) => parseReference(text);
    const idsOf = async () => (await images().list()).map(({ id }) => id).sort();

    beforeAll(async () => {
      subject = await makeEngine();
    }, 120_000);
    afterAll(async () => {
      await subject?.engine.close();
      await subject?.dispose();
    }, 60_000);
    beforeEach(async () => {
      before = await idsOf();
    });
    afterEach(async () => {
      for (const id of await idsOf()) if (!before.includes(id)) await images().remove(id, { force: true });
      expect(await idsOf()).toEqual(before);
    });

    it('reports that it is ready in the form of the contract', async () => {
      const status = await subject.engine.status();
      expect(engineStatus.parse(status)).toMatchObject({ id: subject.engine.id, state: 'ready', hint: null });
      expect(status.can.build).toBe(subject.engine.builder !== undefined);
      expect(status.can.predict).toBe(subject.engine.predictor !== undefined);
      expect(status.can.containers).toBe(subject.engine.containers !== undefined);
    });

    it('lists an image with its names in the form of the contract', async () => {
      const id = await subject.addImage('strata-contract/listed:1');
      const row = (await images().list()).find((image) => image.id === id);
      expect(row).toBeDefined();
      expect(imageSummary.parse(row)).toMatchObject({
        engine: subject.engine.id,
        names: ['strata-contract/listed:1'],
        usedBy: [],
      });
      expect(row?.layers).toHaveLength(1);
    });

    it('gives the detail of an image by name, id and the beginning of an id', async () => {
      const id = await subject.addImage('strata-contract/detail:1');
      const byName = await images().get('strata-contract/detail:1');
      expect(imageDetail.parse(byName).summary.id).toBe(id);
      expect((await images().get(id)).summary.id).toBe(id);
      expect((await images().get(id.replace('sha256:', '').slice(0, 16))).summary.id).toBe(id);
      expect(byName.layers.map(({ index }) => index)).toEqual(byName.layers.map((_, index) => index));
      const made = byName.history.flatMap(({ layer }) => (layer === null ? [] : [layer]));
      expect(made).toEqual(byName.layers.map(({ index }) => index));
    });

    it('points a free name at an image and resolves it', async () => {
      const id = await subject.addImage('strata-contract/tag:1');
      expect(await images().resolve(ref('strata-contract/other:2'))).toBeNull();
      expect(await images().tag('strata-contract/tag:1', ref('strata-contract/other:2'))).toBeNull();
      expect(await images().resolve(ref('strata-contract/other:2'))).toBe(id);
      const row = (await images().list()).find((image) => image.id === id);
      expect([...(row?.names ?? [])].sort()).toEqual(['strata-contract/other:2', 'strata-contract/tag:1']);
    });

    it('reads a name without a tag as latest', async () => {
      const id = await subject.addImage('strata-contract/latest:1');
      await images().tag(id, ref('strata-contract/latest'));
      expect(await images().resolve(ref('strata-contract/latest:latest'))).toBe(id);
      expect(await images().resolve(ref('strata-contract/latest'))).toBe(id);
    });

    it('moves a name and tells where it pointed before', async () => {
      const first = await subject.addImage('strata-contract/move:1');
      const second = await subject.addImage('strata-contract/move:2');
      expect(first).not.toBe(second);
      expect(await images().tag(second, ref('strata-contract/move:1'))).toBe(first);
      expect(await images().resolve(ref('strata-contract/move:1'))).toBe(second);
    });

    it('keeps names of other registries apart from those of Docker Hub', async () => {
      const id = await subject.addImage('strata-contract/hub:1');
      await images().tag(id, ref('localhost:5000/strata-contract/hub:1'));
      const row = (await images().list()).find((image) => image.id === id);
      expect(row?.names).toContain('localhost:5000/strata-contract/hub:1');
      expect(row?.names).toContain('strata-contract/hub:1');
    });

    it('removes one name and leaves the image to the others', async () => {
      const id = await subject.addImage('strata-contract/untag:1');
      await images().tag(id, ref('strata-contract/untag:2'));
      expect(await images().untag(ref('strata-contract/untag:1'))).toBe(id);
      expect(await images().resolve(ref('strata-contract/untag:1'))).toBeNull();
      expect(await images().resolve(ref('strata-contract/untag:2'))).toBe(id);
    });

    it('answers null when a name to remove is free', async () => {
      expect(await images().untag(ref('strata-contract/never:1'))).toBeNull();
    });

    it('removes an image with all its names', async () => {
      const id = await subject.addImage('strata-contract/remove:1');
      await images().tag(id, ref('strata-contract/remove:2'));
      await images().tag(id, ref('localhost:5000/strata-contract/remove:3'));
      await images().remove(id, { force: false });
      expect(await idsOf()).not.toContain(id);
      expect(await images().resolve(ref('strata-contract/remove:2'))).toBeNull();
    });

    it.each([
      ['get by name', () => images().get('strata-contract/missing:1')],
      ['get by id', () => images().get(`sha256:${'0'.repeat(64)}`)],
      ['tag', () => images().tag('strata-contract/missing:1', ref('strata-contract/x:1'))],
      ['remove', () => images().remove(`sha256:${'0'.repeat(64)}`, { force: false })],
    ])('fails with not-found for an image that is not there: %s', async (_, action) => {
      await expect(action()).rejects.toMatchObject({ code: 'not-found' });
    });

    it.each([['with a digest', () => ref(`strata-contract/x@sha256:${'0'.repeat(64)}`)]])(
      'refuses a tag %s',
      async (_, name) => {
        const id = await subject.addImage('strata-contract/refused:1');
        await expect(images().tag(id, name())).rejects.toMatchObject({ code: 'invalid-input' });
      },
    );

    it('fails with cancelled when the caller gave up before', async () => {
      await expect(images().list(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('tells listeners that images changed, and nothing after they left', async () => {
      const { changes } = subject.engine;
      if (changes === undefined) return;
      let stop = () => {};
      const told = new Promise<void>((resolve) => {
        stop = changes.subscribe((topic) => (topic === 'images' ? resolve() : undefined));
      });
      await subject.addImage('strata-contract/event:1');
      await told;
      stop();
    });

    it('lists containers in the form of the contract', async () => {
      const { containers } = subject.engine;
      if (containers === undefined) return;
      for (const container of await containers.list()) containerSummary.parse(container);
      await expect(containers.start('strata-contract-missing')).rejects.toMatchObject({ code: 'not-found' });
      const signal = new AbortController().signal;
      const logs = containers.logs('strata-contract-missing', { tail: 1, signal });
      await expect(logs[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}
