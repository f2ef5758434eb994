import { describe, expect, it } from 'vitest';
import type { Digest } from './digest.ts';
import type { Descriptor, ImageIndex } from './manifest.ts';
import { MEDIA_TYPE } from './media-types.ts';
import { parsePlatform } from './platform.ts';
import { imageDescriptors, selectPlatform } from './select-platform.ts';

function entry(number: number, platform?: string, extra: Partial<Descriptor> = {}): Descriptor {
  const [os = '', architecture = '', variant] = (platform ?? '').split('/');
  return {
    mediaType: MEDIA_TYPE.ociManifest,
    digest: `sha256:${String(number).repeat(64)}` as Digest,
    size: number,
    ...(platform === undefined ? {} : { platform: { os, architecture, variant } }),
    ...extra,
  };
}

function indexOf(...platforms: (string | undefined)[]): ImageIndex {
  return {
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: platforms.map((platform, at) => entry(at + 1, platform)),
  };
}

describe('selectPlatform', () => {
  it.each([
    ['linux/amd64', ['linux/arm64', 'linux/amd64'], 2],
    ['linux/arm64', ['linux/amd64', 'linux/arm64/v8'], 2],
    ['linux/arm64/v8', ['linux/amd64', 'linux/arm64'], 2],
    ['linux/amd64', ['linux/amd64/v3', 'linux/amd64'], 2],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v3'], 2],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2'], 2],
    ['linux/amd64/v3', ['linux/arm64', 'linux/amd64'], 2],
    ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6', 'linux/arm64'], 2],
    ['linux/arm', ['linux/arm/v6', 'linux/arm/v7'], 2],
    ['linux/arm/v6', ['linux/arm/v7', 'linux/arm/v5'], 2],
    ['windows/amd64', ['linux/amd64', 'windows/amd64'], 2],
    ['linux/amd64', [undefined], 1],
  ])('gives %s from %j entry %i', (wanted, platforms, position) => {
    expect(selectPlatform(indexOf(...platforms), parsePlatform(wanted)).size).toBe(position);
  });

  it.each([
    ['linux/arm/v6', ['linux/arm/v7', 'linux/amd64']],
    ['linux/amd64', ['linux/amd64/v3']],
    ['linux/riscv64', ['linux/amd64', 'linux/arm64/v8', 'linux/amd64']],
    ['linux/amd64', [undefined, undefined]],
    ['linux/amd64', []],
  ])('does not give %s from %j', (wanted, platforms) => {
    expect(() => selectPlatform(indexOf(...platforms), parsePlatform(wanted))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('names the platforms that there are, each once', () => {
    const index = indexOf('linux/amd64', 'linux/arm64/v8', 'linux/amd64', 'unknown/unknown');
    expect(() => selectPlatform(index, parsePlatform('linux/s390x'))).toThrow(
      expect.objectContaining({ hint: 'It is there for linux/amd64, linux/arm64/v8.' }),
    );
  });

  it('passes over attestations', () => {
    const note = entry(1, 'linux/amd64', {
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    });
    const index = {
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [note, entry(2, 'unknown/unknown'), entry(3, 'linux/amd64')],
    };
    expect(selectPlatform(index, parsePlatform('linux/amd64')).size).toBe(3);
    expect(imageDescriptors(index)).toHaveLength(1);
  });

  it('prefers the same version of the operating system', () => {
    const of = (number: number, osVersion: string): Descriptor =>
      entry(number, undefined, { platform: { os: 'windows', architecture: 'amd64', osVersion } });
    const index = {
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [of(1, '10.0.17763.1'), of(2, '10.0.20348.1')],
    };
    const wanted = { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.1' };
    expect(selectPlatform(index, wanted).size).toBe(2);
  });
});
