import type { ImageSummary } from '#shared/contract/images.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** The engine id under which images in archives are shown; their id is `PATH@DIGEST`. */
export const ARCHIVE_ENGINE = 'archive';

/** What an archive holds. */
export interface ArchiveContents {
  /** Absolute. */
  readonly path: string;
  readonly images: readonly ImageSummary[];
}

/** The archive that a dialog shows. */
export interface ArchiveSlice {
  readonly contents: Remote<ArchiveContents>;
  /** Looks what a chosen archive holds; nothing is loaded. */
  look(path: string): Promise<void>;
}

/** The file or folder that an image of the archive engine lies in. */
export function archivePath(id: string): string {
  return id.replace(/@[^@]*$/, '');
}

/** The digest of an image of the archive engine; ids of other engines as they are. */
export function archiveDigest(id: string): string {
  return /^\/.*@(sha256:[0-9a-f]+)$/.exec(id)?.[1] ?? id;
}

/** Makes the archive slice. */
export const createArchiveSlice: SliceCreator<ArchiveSlice> = (tools) => {
  const loader = createLoader();
  return {
    contents: IDLE,
    look: (path) =>
      loader.load<ArchiveContents>(
        tools.own().contents,
        (signal) => tools.client.images.archive({ path }, { signal }),
        (contents) => tools.set({ contents }),
        { fresh: true },
      ),
  };
};
