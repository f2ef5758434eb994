import type { ImageSummary } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { familiarReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { ImageCatalog } from '../engine.ts';
import type { Connector, EngineConnection } from './connection.ts';
import { containerName, listWireContainers } from './container-mapping.ts';
import { createImageFacts, type ImageFacts } from './image-facts.ts';
import { toImageDetail, toImageFacts, toImageSummary } from './image-mapping.ts';
import { familiarNames, wireName, wireRef } from './image-names.ts';
import { type LayerRelations, relateLayers } from './layer-relations.ts';
import {
  readWire,
  type WireContainer,
  type WireHistory,
  type WireImage,
  type WireImageInspect,
  wireHistory,
  wireImage,
  wireImageInspect,
} from './wire.ts';

/** How long a list waits for the layers of its images before it is shown without some. */
const PATIENCE_MS = 400;

interface Listing {
  readonly images: readonly WireImage[];
  readonly containers: readonly WireContainer[];
  readonly relations: ReadonlyMap<string, LayerRelations>;
}

/** The images of an engine that speaks Docker's API. `onLate`: a list shown before is more complete now. */
export function createImageCatalog(
  engine: string,
  connector: Connector,
  onLate: () => void,
): ImageCatalog & { close(): void } {
  const facts = createImageFacts((id, signal) =>
    connector.use(async (connection) => {
      const [inspect, history] = await Promise.all([
        inspectImage(connection, id, signal),
        readImageHistory(connection, id, signal),
      ]);
      return toImageFacts(inspect, history);
    }, signal),
  );

  const look = async (connection: EngineConnection, signal?: AbortSignal): Promise<Listing> => {
    const [images, containers] = await Promise.all([
      listWireImages(connection, signal),
      listWireContainers(connection, signal),
    ]);
    await facts.fill(
      images.map(({ Id }) => Id),
      { patienceMs: PATIENCE_MS, onLate },
    );
    return { images, containers, relations: relate(images.map(({ Id }) => facts.get(Id))) };
  };

  const summary = (image: WireImage, listing: Listing): ImageSummary =>
    toImageSummary({
      engine,
      image,
      facts: facts.get(image.Id),
      relations: listing.relations.get(image.Id),
      usedBy: listing.containers.filter(({ ImageID }) => ImageID === image.Id).map(containerName),
    });

  return {
    list: (signal) =>
      connector.use(async (connection) => {
        const listing = await look(connection, signal);
        return listing.images.map((image) => summary(image, listing));
      }, signal),

    get: (ref, signal) =>
      connector.use(async (connection) => {
        const inspect = await inspectImage(connection, wireRef(ref), signal);
        const [history, listing] = await Promise.all([
          readImageHistory(connection, inspect.Id, signal),
          look(connection, signal),
        ]);
        // An intermediate image of the classic builder is in no list.
        const row = listing.images.find(({ Id }) => Id === inspect.Id) ?? rowOf(inspect);
        const names = (id: string) => nameOf(listing.images, id);
        const relations = listing.relations.get(inspect.Id);
        return toImageDetail(summary(row, listing), inspect, history, relations, names);
      }, signal),

    tag: (ref, name) =>
      connector.use(async (connection) => {
        const target = tagged(name);
        const previous = await resolveName(connection, target);
        await connection.client.json({
          method: 'POST',
          path: `/images/${wireRef(ref)}/tag`,
          query: { repo: wireName({ ...target, tag: undefined }), tag: target.tag },
        });
        return previous;
      }),

    untag: (name) =>
      connector.use(async (connection) => {
        const target = tagged(name);
        const previous = await resolveName(connection, target);
        if (previous !== null) await deleteImage(connection, wireName(target), false);
        return previous;
      }),

    resolve: (name) => connector.use((connection) => resolveName(connection, withDefaultTag(name))),

    remove: (id, { force }) => connector.use((connection) => removeImage(connection, wireRef(id), force)),

    close: () => facts.close(),
  };
}

/** The images of the engine, intermediate ones left out. */
async function listWireImages(connection: EngineConnection, signal?: AbortSignal): Promise<WireImage[]> {
  const answer = await connection.client.json({ path: '/images/json', signal });
  return readWire(wireImage.array(), answer ?? [], 'its images');
}

/** Inspects one image. Throws `not-found`. */
export async function inspectImage(
  connection: EngineConnection,
  ref: string,
  signal?: AbortSignal,
): Promise<WireImageInspect> {
  const answer = await connection.client.json({ path: `/images/${ref}/json`, signal });
  return readWire(wireImageInspect, answer, 'an image');
}

/**
 * The history of one image, newest first; empty where the engine fails over it, as Podman 4 does when a step has no
 * time. Throws `not-found`.
 */
export async function readImageHistory(
  connection: EngineConnection,
  ref: string,
  signal?: AbortSignal,
): Promise<WireHistory[]> {
  const answer = await connection.client.json({ path: `/images/${ref}/history`, signal }).catch((error) => {
    if (error instanceof AppError && error.code === 'internal') return [];
    throw error;
  });
  return readWire(wireHistory.array(), answer ?? [], "an image's history");
}

/** The id a name points at, null when it is free. */
export async function resolveName(connection: EngineConnection, name: Reference): Promise<string | null> {
  try {
    return (await inspectImage(connection, wireName(name))).Id;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}

function deleteImage(connection: EngineConnection, ref: string, force: boolean): Promise<unknown> {
  return connection.client.json({ method: 'DELETE', path: `/images/${ref}`, query: { force } });
}

/**
 * Removes an image with its names. Without force the names go one by one, as the engine's own force would also
 * remove what is in use; they are put back when the image then cannot be removed.
 */
async function removeImage(connection: EngineConnection, ref: string, force: boolean): Promise<void> {
  const image = await inspectImage(connection, ref);
  if (force) {
    await deleteImage(connection, image.Id, true);
    return;
  }
  await refuseWhenUsed(connection, image);
  const [, ...others] = image.RepoTags;
  for (const name of others) await deleteImage(connection, name, false);
  try {
    await deleteImage(connection, image.Id, false);
  } catch (error) {
    for (const name of others) await restoreName(connection, image.Id, name);
    throw error;
  }
}

async function refuseWhenUsed(connection: EngineConnection, image: WireImageInspect): Promise<void> {
  const containers = await listWireContainers(connection);
  const users = containers.filter(({ ImageID }) => ImageID === image.Id);
  const [first] = users;
  if (first === undefined) return;
  const name = familiarNames(image)[0] ?? image.Id.slice(7, 19);
  const others = users.length > 1 ? ` and ${users.length - 1} more` : '';
  throw new AppError('conflict', `${name} is used by the container ${containerName(first)}${others}.`, {
    hint: 'Remove the container first, or remove the image with force.',
    detail: { kind: 'engine', engine: containerName(first) },
  });
}

async function restoreName(connection: EngineConnection, id: string, name: string): Promise<void> {
  const colon = name.lastIndexOf(':');
  await connection.client.json({
    method: 'POST',
    path: `/images/${id}/tag`,
    query: { repo: name.slice(0, colon), tag: name.slice(colon + 1) },
  });
}

function tagged(name: Reference): Reference & { tag: string } {
  if (name.digest !== undefined) {
    throw new AppError('invalid-input', `"${familiarReference(name)}" names content by its digest.`, {
      hint: 'A tag is a name of its own: leave the digest out.',
    });
  }
  return { ...name, tag: name.tag ?? 'latest' };
}

/** Relations can only be told when the layers of all images are known: else "unique" would be a guess. */
function relate(facts: readonly (ImageFacts | undefined)[]): Map<string, LayerRelations> {
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === facts.length ? relateLayers(known) : new Map();
}

function rowOf(inspect: WireImageInspect): WireImage {
  return {
    Id: inspect.Id,
    RepoTags: inspect.RepoTags,
    RepoDigests: inspect.RepoDigests,
    Created: Math.floor(Date.parse(inspect.Created ?? '') / 1000) || 0,
    Size: inspect.Size,
  };
}

function nameOf(images: readonly WireImage[], id: string): string {
  const image = images.find(({ Id }) => Id === id);
  return (
    (image === undefined ? undefined : familiarNames(image)[0]) ?? id.replace(/^sha256:/, '').slice(0, 12)
  );
}
