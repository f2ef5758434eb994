import type { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { formatPlatform, parsePlatform } from '#shared/oci/platform.ts';
import type { ImageExchange } from '../engine.ts';
import { compareApiVersions } from './api-version.ts';
import type { Connector, EngineConnection } from './connection.ts';
import { cancelled } from './docker-client.ts';
import { sentence } from './docker-errors.ts';
import { inspectImage } from './image-catalog.ts';
import { familiarName, wireRef } from './image-names.ts';
import { readJsonLines } from './json-lines.ts';
import type { WireImageInspect } from './wire.ts';

/** The API from which on one platform of an image can be asked for. */
const PLATFORMS_SINCE = '1.48';

/** Images of an engine as archives and archives into it. `engine` is the name for people. */
export function createImageExchange(engine: string, connector: Connector): ImageExchange {
  return {
    give: (ref, { platform, signal }) =>
      connector.use(async (connection) => {
        const image = await inspectImage(connection, wireRef(ref), signal);
        const query = platformQuery(connection, image, platform, engine);
        const archive = await connection.client.stream({
          path: `/images/${wireRef(ref)}/get`,
          query,
          signal,
        });
        return { archive, size: image.Size, id: image.Id };
      }, signal),

    load: (archive, { signal }) =>
      connector.use(async (connection) => {
        const reference = await sendArchive(connection, archive, engine, signal);
        const { Id } = await inspectImage(connection, wireRef(reference), signal);
        return { reference: familiarName(reference) ?? reference, id: Id };
      }, signal),
  };
}

const loadLine = z.object({
  stream: z.string().nullish(),
  error: z.string().nullish(),
  errorDetail: z.object({ message: z.string().nullish() }).nullish(),
});

/** Streams the archive to the engine; answers the name or ID that it says it loaded. */
async function sendArchive(
  connection: EngineConnection,
  archive: Readable,
  engine: string,
  signal: AbortSignal,
): Promise<string> {
  let reference: string | null = null;
  // What ends the reading ends the request too: the engine would wait for the rest of the archive for ever.
  const failure = new Promise<never>((_, reject) => archive.once('error', reject));
  failure.catch(() => undefined);
  try {
    const answer = connection.client.stream({
      method: 'POST',
      path: '/images/load',
      query: { quiet: true },
      upload: archive,
      signal,
    });
    for await (const value of readJsonLines(await Promise.race([answer, failure]), engine)) {
      const line = loadLine.safeParse(value).data;
      const words = line?.errorDetail?.message ?? line?.error;
      if (words) throw refusedArchive(words, engine);
      reference = loadedReference(line?.stream ?? '') ?? reference;
    }
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    const isRefusal = error instanceof AppError && ['internal', 'invalid-input'].includes(error.code);
    throw isRefusal ? refusedArchive(error.message, engine) : error;
  } finally {
    archive.destroy();
  }
  if (reference !== null) return reference;
  throw new AppError('malformed', `${engine} read the archive and told of no image.`, {
    hint: `Look at the images of ${engine}.`,
    detail: { kind: 'engine', engine },
  });
}

/** Docker: "Loaded image: acme/web:1", "Loaded image ID: sha256:…"; Podman has several names behind one colon. */
function loadedReference(text: string): string | null {
  const names = /^Loaded image(?:\(s\)| ID)?:\s*(\S+?),?(?:\s|$)/m.exec(text);
  return names?.[1] ?? null;
}

function refusedArchive(words: string, engine: string): AppError {
  const isFull = /no space left|disk quota/i.test(words);
  return new AppError(
    isFull ? 'disk-full' : 'malformed',
    `${engine} did not take the image: ${sentence(words)}`,
    {
      hint: isFull
        ? `Make room where ${engine} keeps its images.`
        : `Is ${engine} new enough for this image?`,
      detail: { kind: 'engine', engine },
    },
  );
}

/** Engines before API 1.48 hold one platform and know no question for another. */
function platformQuery(
  { apiVersion }: EngineConnection,
  image: WireImageInspect,
  wanted: string | undefined,
  engine: string,
): { platform?: Readonly<Record<string, unknown>> } {
  if (wanted === undefined || wanted === '') return {};
  const platform = parsePlatform(wanted);
  if (compareApiVersions(apiVersion, PLATFORMS_SINCE) >= 0) return { platform: { ...platform } };
  if (image.Os === platform.os && image.Architecture === platform.architecture) return {};
  const held = { os: image.Os, architecture: image.Architecture };
  throw new AppError('unsupported', `${engine} holds this image for ${formatPlatform(held)} only.`, {
    hint: `Pull it for ${formatPlatform(platform)} in ${engine} first, or into Strata from its registry.`,
    detail: { kind: 'engine', engine },
  });
}
