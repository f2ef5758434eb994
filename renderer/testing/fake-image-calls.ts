import type { StrataClient } from '#renderer/client/client.ts';
import type { Change } from '#shared/contract/app.ts';
import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { failWith } from './fail-with.ts';
import type { FakeHostOptions } from './fake-client.ts';
import { fakeComparison, fakeDifferences } from './fake-comparison.ts';
import { fakeFileSearch, fakeFiles } from './fake-files.ts';
import { fakeImageDetail, fakeImageList } from './fake-images.ts';
import type { FakeOperations } from './fake-operations.ts';
import { fakeBlobs } from './fake-registries.ts';

/** Invented images with the calls that list and change them. */
export interface FakeImages {
  readonly calls: StrataClient['images'];
  list(): readonly ImageSummary[];
}

/** Makes the images of an invented host. */
export function createFakeImages(tools: {
  readonly operations: FakeOperations;
  readonly options: FakeHostOptions;
  changed(topic: Change['topic']): void;
}): FakeImages {
  let images = tools.options.empty ? [] : fakeImageList(tools.options.now, tools.options.extraImages);
  const byRef = (ref: string): ImageSummary => {
    const image = images.find((one) => one.id === ref || one.names.includes(ref));
    if (image === undefined)
      throw failWith({
        code: 'not-found',
        message: `There is no image ${ref} here.`,
        hint: 'It may have been removed.',
      });
    return image;
  };
  const detailOf = (ref: string): ImageDetail => {
    const summary = byRef(ref);
    const detail = fakeImageDetail(summary.id, tools.options.now);
    if (detail === undefined)
      throw failWith({ code: 'not-found', message: 'Nothing was invented for this image.' });
    return { ...detail, summary };
  };
  const ownerOf = (name: string): string | null =>
    images.find((image) => image.names.includes(name))?.id ?? null;
  const setNames = (change: (image: ImageSummary) => string[]): void => {
    images = images.map((image) => ({ ...image, names: change(image) }));
    tools.changed('images');
  };
  const calls: StrataClient['images'] = {
    list: async ({ engine }) => {
      if (engine === 'builtin') return images;
      throw failWith({
        code: 'engine-unavailable',
        message: 'Docker does not answer: nothing listens at /var/run/docker.sock.',
        hint: 'Start Docker, or set its address in Settings.',
        detail: { kind: 'engine', engine },
      });
    },
    get: async ({ ref }) => detailOf(ref),
    readLayers: async ({ ref }) =>
      tools.operations.start({
        kind: 'read',
        title: `Read files of ${ref}`,
        blobs: fakeBlobs(ref, false),
        result: { kind: 'none' },
      }),
    compare: async ({ a, b }) => fakeComparison(detailOf(a), detailOf(b)),
    compareFiles: async ({ a, b, query, offset, limit }) =>
      byRef(a) === byRef(b) ? { rows: [], total: 0 } : fakeDifferences(query, offset, limit),
    files: async ({ layer, path, sort, offset = 0, limit = 500 }) => {
      const rows = fakeFiles(layer, path, sort ?? 'name');
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    searchFiles: async ({ layer, query, limit = 500 }) => {
      const rows = fakeFileSearch(layer, query);
      return { rows: rows.slice(0, limit), total: rows.length };
    },
    previewFile: async ({ path }) =>
      path.endsWith('.png')
        ? { size: 61_000, text: null, truncated: false }
        : { size: 8_120, text: SOURCE.repeat(12), truncated: true },
    exportFile: async () => ({ path: '/home/ada/app.ts', url: null }),
    waste: async () => ({
      waste: {
        wastedBytes: 9_188_000,
        efficiency: 0.925,
        items: [
          { path: 'root/.npm/_cacache/index-v5/bundle', bytes: 9_100_000, copies: 1, kind: 'removed' },
          { path: 'var/lib/dpkg/status', bytes: 88_000, copies: 2, kind: 'replaced' },
        ],
      },
      wastedByLayer: [0, 0, 0, 0, 0, 0, 0, 9_100_000, 0],
      advice: [
        {
          title: 'The npm cache is left in a layer',
          detail:
            'root/.npm/_cacache is written by RUN npm ci and never used. Add --mount=type=cache,target=/root/.npm to that RUN, or remove it in the same RUN.',
          bytes: 9_100_000,
          layer: 7,
        },
        {
          title: 'apt lists are kept',
          detail: 'End the RUN with rm -rf /var/lib/apt/lists/*.',
          bytes: 1_900_000,
          layer: 5,
        },
        {
          title: 'The image runs as root until the last step',
          detail: 'Add USER before CMD.',
          bytes: null,
          layer: null,
        },
      ],
    }),
    tag: async ({ ref, name }) => {
      const { id } = byRef(ref);
      const wanted = readFakeName(name);
      const previous = ownerOf(wanted);
      setNames((image) => [
        ...image.names.filter((other) => other !== wanted),
        ...(image.id === id ? [wanted] : []),
      ]);
      return { name: wanted, previous };
    },
    resolveName: async ({ name }) => ({ name: readFakeName(name), id: ownerOf(readFakeName(name)) }),
    untag: async ({ name }) => {
      const previous = ownerOf(name);
      setNames((image) => image.names.filter((other) => other !== name));
      return { previous };
    },
    previewRemove: async ({ ids }) => {
      const chosen = images.filter((image) => ids.includes(image.id));
      return {
        freesBytes: chosen.reduce((sum, image) => sum + (image.uniqueSize ?? 0), 0),
        blocked: chosen
          .filter((image) => image.usedBy.length > 0)
          .map((image) => ({ id: image.id, why: `${image.usedBy.join(', ')} runs from it.` })),
      };
    },
    remove: async ({ ids, force }) => {
      const stays = (image: ImageSummary): boolean =>
        !ids.includes(image.id) || (image.usedBy.length > 0 && !force);
      const failed = images.filter((image) => ids.includes(image.id) && stays(image));
      const removed = images.filter((image) => !stays(image)).map((image) => image.id);
      images = images.filter(stays);
      tools.changed('images');
      return { removed, failed: failed.map(({ id }) => ({ id, message: 'A container uses it.' })) };
    },
    save: async ({ ref }) =>
      tools.operations.start({
        kind: 'save',
        title: `Save ${ref}`,
        blobs: fakeBlobs(ref, false),
        result: { kind: 'save', path: '/home/ada/acme-web-1.4.2.tar', url: null, bytes: 122_700_000 },
      }),
    send: async ({ ref, to, name }) =>
      tools.operations.start({
        kind: 'send',
        title: `Send ${name ?? ref} to ${to === 'podman' ? 'Podman' : 'Docker'}`,
        blobs: [],
        result: {
          kind: 'send',
          engine: to === 'podman' ? 'Podman' : 'Docker',
          reference: name ?? ref,
          digest: byRef(ref).id,
          imageId: detailOf(ref).imageId,
          wasThere: false,
          run: `${to} run --rm ${name ?? ref}`,
        },
      }),
    take: async ({ ref, engine, name }) =>
      tools.operations.start({
        kind: 'take',
        title: `Take ${ref} from ${engine}`,
        blobs: [],
        result: {
          kind: 'take',
          engine: 'Docker',
          references: [name ?? ref],
          digest: images[0]?.id ?? '',
          imageId: images[0]?.id ?? '',
          repacked: true,
          wasHere: false,
        },
      }),
    archive: async ({ path }) => ({
      path,
      images: images.slice(0, 2).map((image) => ({ ...image, engine: 'archive', id: `${path}@${image.id}` })),
    }),
    load: async ({ path }) =>
      tools.operations.start({
        kind: 'load',
        title: `Load ${path}`,
        blobs: fakeBlobs('node:20-slim', false),
        result: { kind: 'load', references: ['node:20-slim'], digest: images[0]?.id ?? '' },
      }),
  };
  return { calls, list: () => images };
}

/** A reference in the form people type; fails as the host does. */
export function readFakeName(name: string): string {
  try {
    return familiarReference(withDefaultTag(parseReference(name)));
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    throw failWith({ code: 'invalid-input', message, hint: 'Write it like acme/web:1.0.' });
  }
}

const SOURCE = `import { createServer } from 'node:http';

export function start(port: number): void {
  createServer((request, response) => response.end(request.url)).listen(port);
}
`;
