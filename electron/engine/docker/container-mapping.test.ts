import { describe, expect, it } from 'vitest';
import { containerSummary } from '#shared/contract/containers.ts';
import { hasLostItsName, toContainerSummary, toPorts, toState } from './container-mapping.ts';
import { wireContainer } from './wire.ts';

/** As Docker 20.10 sends it, shortened. */
const RECORDED = {
  Id: '498fec0df1103b8f635a5d35b51e650c8fcaf68a17acf540f2a99f7dcaa8f133',
  Names: ['/run1'],
  Image: 'out:1',
  ImageID: 'sha256:8012a4a45ea9ad6f392bf31c7a5cfbeafe9d392f8a1bd8fba73badf961758aee',
  Command: 'sleep 1000',
  Created: 1_795_248_759,
  Ports: [
    { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { PrivatePort: 9, Type: 'udp' },
  ],
  State: 'running',
  Status: 'Up Less than a second',
};
const recorded = (change: object = {}) => wireContainer.parse({ ...RECORDED, ...change });

describe('a container of the list', () => {
  it('becomes a row of the contract', () => {
    const row = toContainerSummary('docker', recorded(), undefined, () => RECORDED.ImageID);
    expect(containerSummary.parse(row)).toEqual({
      engine: 'docker',
      id: RECORDED.Id,
      name: 'run1',
      image: 'out:1',
      imageId: RECORDED.ImageID,
      command: 'sleep 1000',
      state: 'running',
      status: 'Up Less than a second',
      createdAt: 1_795_248_759_000,
      ports: [
        { host: null, hostPort: null, containerPort: 9, protocol: 'udp' },
        { host: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' },
      ],
      outdated: false,
    });
  });

  it.each([
    ['its name points elsewhere', { Image: RECORDED.ImageID }, 'out:1', 'sha256:other', true, 'out:1'],
    ['its name is gone', { Image: RECORDED.ImageID }, 'out:1', null, false, 'out:1'],
    ['it was made from an id', { Image: RECORDED.ImageID }, RECORDED.ImageID, null, false, '8012a4a45ea9'],
    ['its name still holds', {}, undefined, RECORDED.ImageID, false, 'out:1'],
    [
      'Docker Hub is written out',
      { Image: 'docker.io/library/out:1' },
      undefined,
      RECORDED.ImageID,
      false,
      'out:1',
    ],
  ])('is outdated or not when %s', (_, change, createdFrom, current, outdated, image) => {
    const row = toContainerSummary('docker', recorded(change), createdFrom, () => current);
    expect(row).toMatchObject({ outdated, image });
  });

  it.each([
    ['out:1', false],
    ['8012a4a45ea9', true],
    ['sha256:8012a4a45ea9ad6f392bf31c7a5cfbeafe9d392f8a1bd8fba73badf961758aee', true],
    ['', true],
  ])('with the image %j has lost its name: %s', (Image, lost) => {
    expect(hasLostItsName(recorded({ Image }))).toBe(lost);
  });

  it('may lack nearly everything', () => {
    const bare = wireContainer.parse({
      Id: 'a'.repeat(64),
      Created: 1,
      Names: null,
      Ports: null,
      Command: ['a', 'b'],
    });
    const row = toContainerSummary('podman', bare, undefined, () => null);
    expect(containerSummary.parse(row)).toMatchObject({
      name: 'aaaaaaaaaaaa',
      command: 'a b',
      state: 'dead',
    });
  });
});

describe('states', () => {
  it.each([
    ['running', 'running'],
    ['Exited', 'exited'],
    ['configured', 'created'],
    ['stopping', 'running'],
    ['unheard of', 'dead'],
  ])('%s is %s', (state, expected) => {
    expect(toState(state)).toBe(expected);
  });
});

describe('ports', () => {
  it('keeps one that is published on IPv6 alone', () => {
    expect(toPorts([{ IP: '::', PrivatePort: 1, PublicPort: 2, Type: 'tcp' }])).toEqual([
      { host: '::', hostPort: 2, containerPort: 1, protocol: 'tcp' },
    ]);
  });
});
