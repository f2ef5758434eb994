import { afterEach, describe, expect, it } from 'vitest';
import { withEarlierAnswers } from '#renderer/store/bases-slice.ts';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { sampleBase } from '#renderer/testing/sample-base.ts';
import { floatingWords, newerWords, pinObstacle } from './base-words.ts';

afterEach(leaveApps);

describe('what is said of a base', () => {
  it('tells why a base floats', () => {
    expect(floatingWords(sampleBase({}))).toContain('No tag is written');
    expect(floatingWords(sampleBase({ written: 'alpine:edge', reference: 'alpine:edge' }))).toContain(
      'edge is a tag that moves',
    );
    expect(floatingWords(sampleBase({ state: 'tagged' }))).toBeNull();
  });

  it('tells how it compares, and nothing before it was asked', () => {
    expect(newerWords(sampleBase({}))).toBeNull();
    expect(newerWords(sampleBase({ registryDigest: 'sha256:b', newer: null }))).toContain('not here yet');
    expect(
      newerWords(sampleBase({ registryDigest: 'sha256:b', localDigest: 'sha256:a', newer: true })),
    ).toContain('newer one');
    expect(newerWords(sampleBase({ registryDigest: 'sha256:b', newer: false, state: 'pinned' }))).toContain(
      'still names',
    );
  });

  it('says why one cannot be pinned', () => {
    expect(pinObstacle(sampleBase({}))).toBeUndefined();
    expect(pinObstacle(sampleBase({ pinnable: false, problem: 'A variable names it.' }))).toBe(
      'A variable names it.',
    );
    expect(pinObstacle(sampleBase({ state: 'pinned' }))).toContain('newer');
    expect(pinObstacle(sampleBase({ state: 'pinned', newer: true }))).toBeUndefined();
  });

  it('keeps what a registry said of a tag while the line changes', () => {
    const asked = sampleBase({ registryDigest: 'sha256:b', localDigest: 'sha256:a', newer: true });
    const [pinned, other] = withEarlierAnswers(
      [
        sampleBase({ reference: 'alpine:latest@sha256:b', state: 'pinned' }),
        sampleBase({ reference: 'debian:12' }),
      ],
      [asked],
    );
    expect(pinned).toMatchObject({ registryDigest: 'sha256:b', newer: false });
    expect(other).toMatchObject({ registryDigest: null, newer: null });
  });
});

describe('the bases of a project', () => {
  it('marks what floats at its line, and pins it after a preview, with a way back', async () => {
    const app = await drawApp('#/project/web');
    await app.click('Pin node in line 13');
    await app.until('the preview', () => app.words().includes('Write into the Dockerfile'));
    await app.until('the line', () => app.words().includes('FROM node:latest@sha256:'));
    await app.click('Write into the Dockerfile');
    await app.until('the notice', () => app.words().includes('Line 13 is pinned'));
    await app.until('the mark gone', () => !app.words().includes('No tag is written'));
    await app.click('Undo');
    await app.until('the mark again', () => app.words().includes('No tag is written'));
  });

  it('asks for newer ones when told to', async () => {
    const app = await drawApp('#/project/web');
    await app.click(/^Bases/);
    expect(app.words()).not.toContain('Its registry has a newer one');
    await app.click('Is there a newer base?');
    await app.until('the answer', () => app.words().includes('Its registry has a newer one'));
    expect(app.words()).toContain('A variable names it');
    await app.find('Pull the newer one…');
  });
});
