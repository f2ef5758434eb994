import { toErrorView } from '#renderer/client/failure.ts';
import type { FileRow } from '#shared/contract/images.ts';
import type { Directories, Directory } from './file-tree.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { mustBeRead } from './unread-layers.ts';

/** `layer`: what the chosen layer adds, changes and removes. `stack`: the file system up to it. */
export type FileView = 'layer' | 'stack';

/** The beginning of a file; `text` is null when it is no text. */
export interface FilePreview {
  readonly size: number;
  readonly text: string | null;
  readonly truncated: boolean;
}

/** The files of the chosen layer of the Image screen. */
export interface FilesSlice {
  readonly view: FileView;
  readonly sort: 'name' | 'size';
  readonly directories: Directories;
  readonly opened: ReadonlySet<string>;
  readonly search: string;
  readonly found: Remote<{ readonly rows: readonly FileRow[]; readonly total: number }>;
  /** The file or directory the cursor is on. */
  readonly selected: FileRow | null;
  /** Of the selected file; idle while no file is shown. */
  readonly preview: Remote<FilePreview>;
  /** Forgets everything. */
  clear(): void;
  /** Asks for the root of the chosen layer anew. */
  open(): Promise<void>;
  setView(view: FileView): void;
  setSort(sort: 'name' | 'size'): void;
  /** Opens or closes a directory. */
  toggle(path: string): void;
  /** Asks for the next entries of a directory, or again after a failure. */
  loadMore(path: string): Promise<void>;
  setSearch(search: string): void;
  select(row: FileRow | null): void;
  showPreview(row: FileRow): Promise<void>;
  closePreview(): void;
  /** Saves a file out of the layer; resolves to where it went: a path, or an address to fetch it from. */
  save(row: FileRow): Promise<{ readonly path: string | null; readonly url: string | null }>;
}

const NOTHING: ReadonlySet<string> = new Set();
const EMPTY: Directory = { rows: [], total: 0, isLoading: true, error: null };
const PAGE = 500;
const SEARCH_PAUSE = 150;

/** Makes the files slice. */
export const createFilesSlice: SliceCreator<FilesSlice> = (tools) => {
  const previews = createLoader();
  const searches = createLoader();
  // Answers for a layer, view or order that is no longer shown are dropped.
  let current = new AbortController();
  let searchTimer: ReturnType<typeof setTimeout> | undefined;

  const address = (): { engine: string; ref: string; layer: number } => {
    const { engine, ref, layer } = tools.state().image;
    return { engine, ref, layer };
  };
  const put = (path: string, directory: Directory): void =>
    tools.set({ directories: { ...tools.own().directories, [path]: directory } });
  const restart = (): void => {
    current.abort();
    current = new AbortController();
    previews.stop();
    tools.set({ directories: {}, opened: NOTHING, selected: null, preview: IDLE });
  };

  const loadMore = async (path: string): Promise<void> => {
    const { signal } = current;
    const { view, sort, directories } = tools.own();
    const before = directories[path] ?? EMPTY;
    put(path, { ...before, isLoading: true, error: null });
    try {
      const query = { ...address(), view, sort, path, offset: before.rows.length, limit: PAGE };
      const { rows, total } = await tools.client.images.files(query, { signal });
      if (signal.aborted) return;
      put(path, { rows: [...before.rows, ...rows], total, isLoading: false, error: null });
    } catch (error) {
      if (!signal.aborted) put(path, { ...before, isLoading: false, error: toErrorView(error) });
    }
  };
  const open = async (path: string): Promise<void> => {
    tools.set({ opened: new Set([...tools.own().opened, path]) });
    if (tools.own().directories[path] !== undefined) return;
    await loadMore(path);
    await openOnlyChild(path);
  };
  /** A directory that holds nothing but one directory is opened with it. */
  const openOnlyChild = async (path: string): Promise<void> => {
    const [only, ...others] = tools.own().directories[path]?.rows ?? [];
    if (only?.hasChildren && others.length === 0) await open(only.path);
  };
  const openRoot = async (): Promise<void> => {
    restart();
    // What would be a large transfer is begun by a person alone.
    const { detail, layer } = tools.state().image;
    if (detail.status === 'ready' && mustBeRead(detail.value, layer, tools.own().view).length > 0) return;
    if (tools.own().search !== '') runSearch();
    await loadMore('');
    await openOnlyChild('');
  };
  const runSearch = (): void => {
    const { search: query, view, found } = tools.own();
    void searches.load(
      found,
      (signal) => tools.client.images.searchFiles({ ...address(), view, query, limit: PAGE }, { signal }),
      (next) => tools.set({ found: next }),
    );
  };

  return {
    view: 'layer',
    sort: 'name',
    directories: {},
    opened: NOTHING,
    search: '',
    found: IDLE,
    selected: null,
    preview: IDLE,
    clear: () => {
      restart();
      clearTimeout(searchTimer);
      searches.stop();
      tools.set({ view: 'layer', search: '', found: IDLE });
    },
    open: openRoot,
    setView: (view) => {
      tools.set({ view });
      void openRoot();
    },
    setSort: (sort) => {
      tools.set({ sort });
      void openRoot();
    },
    toggle: (path) => {
      const { opened } = tools.own();
      if (opened.has(path)) tools.set({ opened: new Set([...opened].filter((other) => other !== path)) });
      else void open(path);
    },
    loadMore,
    setSearch: (search) => {
      clearTimeout(searchTimer);
      tools.set({ search });
      if (search.trim() !== '') searchTimer = setTimeout(runSearch, SEARCH_PAUSE);
      else {
        searches.stop();
        tools.set({ found: IDLE });
      }
    },
    select: (selected) => tools.set({ selected }),
    showPreview: (row) => {
      tools.set({ selected: row });
      return previews.load<FilePreview>(
        tools.own().preview,
        (signal) => tools.client.images.previewFile({ ...address(), path: row.path }, { signal }),
        (preview) => tools.set({ preview }),
        { fresh: true },
      );
    },
    closePreview: () => {
      previews.stop();
      tools.set({ preview: IDLE });
    },
    save: (row) => tools.client.images.exportFile({ ...address(), path: row.path }),
  };
};
