import { describe, expect, it } from 'vitest';
import { buildOfImage } from '#renderer/store/image-build-sync.ts';
import { fakeBuild } from '#renderer/testing/fake-builds.ts';
import { fakeImageDetail } from '#renderer/testing/fake-images.ts';
import type { BuildStep } from '#shared/contract/builds.ts';
import { layerBuilds, layerBuildWords } from './layer-builds.ts';

const image = fakeImageDetail('acme/web:1.4.2');
if (image === undefined) throw new Error('There is no such image.');
const { layers } = image;

const step = (more: Partial<BuildStep>): BuildStep => ({
  index: 0,
  stage: 'app',
  line: 1,
  endLine: 1,
  instruction: 'RUN x',
  status: 'hit',
  ms: 4,
  size: 1,
  reasons: [],
  ...more,
});

describe('how the layers of an image were made', () => {
  it('is told by the newest build that ended with it', () => {
    const builds = [
      fakeBuild('failed', { state: 'failed', digest: image.manifestDigest }),
      fakeBuild('other-engine', { engine: 'docker', digest: image.manifestDigest }),
      fakeBuild('newest', { digest: image.manifestDigest }),
      fakeBuild('older', { digest: image.manifestDigest }),
    ];
    expect(buildOfImage(builds, image)?.id).toBe('newest');
    expect(buildOfImage([fakeBuild('x', { digest: null, imageId: image.imageId })], image)?.id).toBe('x');
    expect(buildOfImage([fakeBuild('x', { digest: 'sha256:0' })], image)).toBeUndefined();
  });

  it('is told of each layer by its digest', () => {
    const digest = (index: number) => layers[index]?.digest ?? '';
    const made = layerBuilds(layers, {
      id: 'b',
      stepList: [
        step({ line: 2, layer: digest(6), status: 'miss' }),
        step({ line: 5, layer: digest(6) }),
        step({ line: 7, layer: digest(7), status: 'miss', ms: 320 }),
        step({ line: 8, layer: digest(8), status: 'failed' }),
        step({ line: 9 }),
      ],
    });
    expect([...made.keys()]).toEqual([6, 7]);
    expect([...made.values()].map((one) => `${one.line} ${layerBuildWords(one)}`)).toEqual([
      '5 cached',
      '7 rebuilt 0.3 s',
    ]);
    expect(layerBuilds(layers, undefined).size).toBe(0);
  });
});
