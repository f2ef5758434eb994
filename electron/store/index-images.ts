import { type Platform, samePlatform } from '#shared/oci/platform.ts';
import type { DocumentRecord } from './document-records.ts';
import type { ImageRecord, ImageRecords } from './image-records.ts';

/** The images that an index lists and that are here, in its order. */
export async function imagesOfIndex(
  images: Pick<ImageRecords, 'get'>,
  index: DocumentRecord,
): Promise<ImageRecord[]> {
  const found = await Promise.all(index.children.map((child) => images.get(child)));
  return found.filter((image) => image !== null);
}

/** The image of an index to show and use on a machine: that for its platform, else the first. */
export function imageForMachine(images: readonly ImageRecord[], machine: Platform): ImageRecord | null {
  return images.find((image) => samePlatform(image.platform, machine)) ?? images[0] ?? null;
}
