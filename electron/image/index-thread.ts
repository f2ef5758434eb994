import { createReadStream } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { ErrorView } from '#shared/contract/common.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { DiffId } from '#shared/oci/digest.ts';
import { decompressLayer } from './decompress-layer.ts';
import { indexLayer } from './index-layer.ts';
import { encodeLayerIndex } from './layer-index-codec.ts';

/* The program of a thread that looks into layers: see index-in-thread.ts, which asks one thing after the other. */

/** A blob in a file. */
export interface IndexOrder {
  readonly file: string;
  readonly mediaType: string;
}

/** What came of it; `bytes` is the encoded index. */
export type IndexAnswer =
  | { readonly diffId: DiffId; readonly bytes: Uint8Array }
  | { readonly error: ErrorView };

parentPort?.on('message', async (order: IndexOrder) => {
  const answer = await lookInto(order).catch(
    (error: unknown): IndexAnswer => ({ error: toErrorView(error) }),
  );
  parentPort?.postMessage(answer);
});

async function lookInto({ file, mediaType }: IndexOrder): Promise<IndexAnswer> {
  const blob = createReadStream(file, { highWaterMark: 256 * 1024 });
  const index = await indexLayer(decompressLayer(blob, mediaType));
  return { diffId: index.diffId, bytes: await encodeLayerIndex(index) };
}
