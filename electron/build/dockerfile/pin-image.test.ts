import { expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { readNamedContexts } from '../inputs/named-contexts.ts';
import { globalArguments } from '../plan/build-variables.ts';
import { externalImages } from '../plan/external-images.ts';
import { parseDockerfile } from './parse.ts';
import { pinImage } from './pin-image.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as Digest;
const OLD = `sha256:${'b'.repeat(64)}` as Digest;

function imagesOf(text: string, contexts: Record<string, string> = {}) {
  const dockerfile = parseDockerfile(text, 'Dockerfile');
  const globals = globalArguments(dockerfile, new Map(), new Map());
  return externalImages(dockerfile, globals, readNamedContexts(contexts, '/'));
}

it('finds the images that come from elsewhere, and only those', () => {
  const text = [
    'ARG VERSION=20',
    'FROM node:$VERSION-slim AS build',
    'RUN --mount=from=tools:1,target=/t --mount=from=build,target=/b true',
    'FROM scratch AS empty',
    'FROM build AS again',
    'COPY --from=Build /a /b',
    'COPY --from=0 /a /b',
    'COPY --from=busybox /bin/sh /bin/',
    'FROM ctx',
    'FROM $NOTHING',
  ].join('\n');
  expect(
    imagesOf(text, { ctx: '/folder' }).map(({ line, stage, written, image }) => [
      line,
      stage,
      written,
      image,
    ]),
  ).toEqual([
    [2, 'build', 'node:$VERSION-slim', 'node:20-slim'],
    [3, 'build', 'tools:1', 'tools:1'],
    [8, 'again', 'busybox', 'busybox'],
    [10, '4', '$NOTHING', ''],
  ]);
});

it.each([
  ['FROM alpine', `FROM alpine:latest@${DIGEST}`],
  ['from  alpine:3.20   as base', `from  alpine:3.20@${DIGEST}   as base`],
  [`FROM alpine:3@${OLD}`, `FROM alpine:3@${DIGEST}`],
  ['FROM localhost:5000/app', `FROM localhost:5000/app:latest@${DIGEST}`],
  ['FROM --platform=linux/arm64 as AS as', `FROM --platform=linux/arm64 as:latest@${DIGEST} AS as`],
  ['FROM alpine\r\nRUN true\r\n', `FROM alpine:latest@${DIGEST}\r\nRUN true\r\n`],
  ['FROM \\\n# alpine\n  alpine \\\n  AS x', `FROM \\\n# alpine\n  alpine:latest@${DIGEST} \\\n  AS x`],
])('pins %j and changes nothing else', (text, wanted) => {
  const [image] = imagesOf(text);
  expect(image === undefined ? null : pinImage(text, image, DIGEST)?.text).toBe(wanted);
});

it.each([
  [
    'COPY --from=busybox:1 /bin/busybox /busybox:1',
    `COPY --from=busybox:1@${DIGEST} /bin/busybox /busybox:1`,
  ],
  [
    'RUN --mount=type=bind,from=go,target=/go go',
    `RUN --mount=type=bind,from=go:latest@${DIGEST},target=/go go`,
  ],
  [
    'RUN --mount=from=go:1,target=/x echo from=go:1',
    `RUN --mount=from=go:1@${DIGEST},target=/x echo from=go:1`,
  ],
])('pins the image of %j', (line, wanted) => {
  const text = `FROM scratch\n${line}\n`;
  const [image] = imagesOf(text);
  const changed = image === undefined ? null : pinImage(text, image, DIGEST);
  expect(changed).toEqual({ text: `FROM scratch\n${wanted}\n`, line: 2, before: line, after: wanted });
});

it('leaves words alone that hold a variable or quotes', () => {
  for (const text of ['ARG V=1\nFROM node:$V', 'FROM "alpine"']) {
    const [image] = imagesOf(text);
    expect(image && pinImage(text, image, DIGEST), text).toBeNull();
  }
});
