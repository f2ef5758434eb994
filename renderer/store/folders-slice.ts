import type { ErrorView } from '#shared/contract/common.ts';
import type { BrowsedFiles } from '#shared/contract/projects.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** One folder of the machine with the folders in it. */
export interface FolderListing {
  readonly path: string;
  readonly parent: string | null;
  /** The folder itself holds a Dockerfile. */
  readonly hasDockerfile: boolean;
  /** The folder itself is an OCI layout. */
  readonly isLayout: boolean;
  readonly entries: readonly {
    readonly name: string;
    readonly path: string;
    readonly hasDockerfile: boolean;
    /** A file, or a folder that holds images; absent for other folders. */
    readonly kind?: 'archive' | 'file' | 'layout' | undefined;
  }[];
}

/** The folder that the chooser of the web host shows. */
export interface FoldersSlice {
  /** The last folder that could be listed. */
  readonly listing: Remote<FolderListing>;
  /** Why the folder that was asked for last cannot be listed; the listing is still the one before. */
  readonly refusal: ErrorView | null;
  /** Lists a folder, on demand with its tar archives or all its files; without a path the one that the host begins with. */
  browse(path?: string, show?: BrowsedFiles): Promise<void>;
  /** Opens the native dialog of the desktop; null when it was cancelled. Rejects with the host's refusal. */
  choose(
    title: string,
    what?: 'folder' | 'archive' | 'layout' | 'file' | 'new-folder',
  ): Promise<string | null>;
}

/** Makes the folders slice. */
export const createFoldersSlice: SliceCreator<FoldersSlice> = (tools) => {
  const loader = createLoader();
  return {
    listing: IDLE,
    refusal: null,
    browse: (path, show = 'none') => {
      tools.set({ refusal: null });
      return loader.load<FolderListing>(
        tools.own().listing,
        (signal) => tools.client.folders.browse(path === undefined ? { show } : { path, show }, { signal }),
        (next) => {
          const before = valueOr(tools.own().listing, null);
          if (next.status === 'failed' && before !== null) tools.set({ refusal: next.error });
          else tools.set({ listing: next });
        },
      );
    },
    choose: async (title, what = 'folder') =>
      (await tools.client.folders.choose({ title, what }))?.path ?? null,
  };
};
