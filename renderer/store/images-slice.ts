import type { ImageSummary } from '#shared/contract/images.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Which images the table shows. */
export type ImageFilter = 'all' | 'in-use' | 'unused' | 'dangling';

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
  load(): Promise<void>;
  setSearch(search: string): void;
  setFilter(filter: ImageFilter): void;
  setSorting(sorting: ImagesSlice['sorting']): void;
  setSelected(selected: ReadonlySet<string>): void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Makes the images slice. */
export const createImagesSlice: SliceCreator<ImagesSlice> = (tools) => {
  const loader = createLoader();
  const apply = (engine: string, list: Remote<readonly ImageSummary[]>): void => {
    const { selected } = tools.own();
    if (list.status !== 'ready') {
      tools.set({ list, engine });
      return;
    }
    const present = new Set(list.value.map((image) => image.id));
    const kept = [...selected].filter((id) => present.has(id));
    tools.set({ list, engine, selected: kept.length === selected.size ? selected : new Set(kept) });
  };
  return {
    engine: '',
    list: IDLE,
    search: '',
    filter: 'all',
    sorting: { column: 'built', descending: true },
    selected: NOTHING,
    load: () => {
      const engine = tools.state().engines.selected;
      const fresh = engine !== tools.own().engine;
      if (fresh) tools.set({ selected: NOTHING });
      return loader.load<readonly ImageSummary[]>(
        tools.own().list,
        (signal) => tools.client.images.list({ engine }, { signal }),
        (list) => apply(engine, list),
        { fresh },
      );
    },
    setSearch: (search) => tools.set({ search }),
    setFilter: (filter) => tools.set({ filter }),
    setSorting: (sorting) => tools.set({ sorting }),
    setSelected: (selected) => tools.set({ selected }),
  };
};
