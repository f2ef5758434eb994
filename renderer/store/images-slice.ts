import type { ImageSummary } from '#shared/contract/images.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Which images the table shows. */
export type ImageFilter = 'all' | 'in-use' | 'unused' | 'dangling';

/** What removing some images would do. */
export interface RemovalPreview {
  readonly freesBytes: number | null;
  readonly blocked: readonly { readonly id: string; readonly why: string }[];
}

/** The images of one engine, and what the table shows of them. */
export interface ImagesSlice {
  /** Whose images `list` holds. */
  readonly engine: string;
  readonly list: Remote<readonly ImageSummary[]>;
  readonly search: string;
  readonly filter: ImageFilter;
  readonly sorting: { readonly column: string; readonly descending: boolean } | null;
  /** Row identities (image ids). */
  readonly selected: ReadonlySet<string>;
  /** What removing the images in question would do: the ticked ones, or those of the open dialog. */
  readonly removal: Remote<RemovalPreview>;
  load(): Promise<void>;
  setSearch(search: string): void;
  setFilter(filter: ImageFilter): void;
  setSorting(sorting: ImagesSlice['sorting']): void;
  setSelected(selected: ReadonlySet<string>): void;
  previewRemoval(engine: string, ids: readonly string[]): Promise<void>;
  /** Removes images; resolves to those that could not be, with why. Rejects when nothing could be tried. */
  remove(
    engine: string,
    ids: readonly string[],
    force: boolean,
  ): Promise<readonly { readonly id: string; readonly message: string }[]>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Makes the images slice. */
export const createImagesSlice: SliceCreator<ImagesSlice> = (tools) => {
  const lists = createLoader();
  const previews = createLoader();
  const apply = (engine: string, list: Remote<readonly ImageSummary[]>): void => {
    tools.set({ list, engine });
    if (list.status !== 'ready') return;
    const { selected, setSelected } = tools.own();
    const present = new Set(list.value.map((image) => image.id));
    const kept = [...selected].filter((id) => present.has(id));
    if (kept.length !== selected.size) setSelected(new Set(kept));
  };
  return {
    engine: '',
    list: IDLE,
    search: '',
    filter: 'all',
    sorting: { column: 'built', descending: true },
    selected: NOTHING,
    removal: IDLE,
    load: () => {
      const engine = tools.state().engines.selected;
      const fresh = engine !== tools.own().engine;
      if (fresh) tools.set({ selected: NOTHING });
      return lists.load<readonly ImageSummary[]>(
        tools.own().list,
        (signal) => tools.client.images.list({ engine }, { signal }),
        (list) => apply(engine, list),
        { fresh },
      );
    },
    setSearch: (search) => tools.set({ search }),
    setFilter: (filter) => tools.set({ filter }),
    setSorting: (sorting) => tools.set({ sorting }),
    setSelected: (selected) => {
      tools.set({ selected });
      const { engine, previewRemoval } = tools.own();
      if (selected.size > 0) void previewRemoval(engine, [...selected]);
    },
    previewRemoval: (engine, ids) =>
      previews.load<RemovalPreview>(
        tools.own().removal,
        (signal) => tools.client.images.previewRemove({ engine, ids: [...ids] }, { signal }),
        (removal) => tools.set({ removal }),
        { fresh: true },
      ),
    remove: async (engine, ids, force) => {
      const { removed, failed } = await tools.client.images.remove({ engine, ids: [...ids], force });
      const gone = new Set(removed);
      const { list, selected, setSelected } = tools.own();
      if (list.status === 'ready' && tools.own().engine === engine)
        tools.set({ list: { status: 'ready', value: list.value.filter((image) => !gone.has(image.id)) } });
      setSelected(new Set([...selected].filter((id) => !gone.has(id))));
      return failed;
    },
  };
};
