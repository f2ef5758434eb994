import { FileX } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { flattenTree, rootSize, type TreeLine } from '#renderer/store/file-tree.ts';
import type { FilesSlice } from '#renderer/store/files-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { mustBeRead, sumSizes, unreadLayers } from '#renderer/store/unread-layers.ts';
import type { FileRow, ImageDetail } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';
import { FilePreviewPane } from './file-preview.tsx';
import styles from './file-tree.module.css';
import { FileTree } from './file-tree.tsx';
import { canRead } from './file-words.ts';
import panels from './panels.module.css';
import { ReadLayers } from './read-layers.tsx';

const VIEWS = [
  { value: 'layer', label: 'This layer' },
  { value: 'stack', label: 'Up to this layer' },
] as const;

/** The files of the chosen layer, or of the stack up to it; beside them the one that is being read. */
export function FilesTab(): ReactNode {
  const files = useApp((state) => state.files);
  const isReading = files.selected !== null && files.preview.status !== 'idle';
  return (
    <div className={styles.frame}>
      <div className={styles.bar}>
        <Segmented label="Files of" value={files.view} options={VIEWS} onValue={files.setView} />
        <SearchField
          className={styles.search}
          label="Search files"
          value={files.search}
          onValue={files.setSearch}
        />
      </div>
      <SplitPane
        id="preview"
        label="the preview"
        direction="column"
        sized="end"
        initial={280}
        min={120}
        minOther={140}
        start={
          <div className={styles.frame}>
            <LayerFiles files={files} />
          </div>
        }
        end={isReading ? <FilePreviewPane /> : null}
      />
    </div>
  );
}

/** The tree, or what must be read before it can be shown. */
function LayerFiles({ files }: { readonly files: FilesSlice }): ReactNode {
  const detail = useApp((state) => valueOr(state.image.detail, undefined));
  const layer = useApp((state) => state.image.layer);
  const wanted = useMemo(
    () => (detail === undefined ? [] : mustBeRead(detail, layer, files.view)),
    [detail, layer, files.view],
  );
  if (wanted.length > 0)
    return (
      <ReadLayers
        layers={wanted}
        what={files.view === 'layer' ? 'The files of this layer' : 'The files up to this layer'}
      />
    );
  return (
    <>
      {detail !== undefined && files.view === 'layer' ? <PartNote detail={detail} layer={layer} /> : null}
      <Tree files={files} />
    </>
  );
}

/** Says that additions and changes cannot be told apart while layers below were not read. */
function PartNote({ detail, layer }: { readonly detail: ImageDetail; readonly layer: number }): ReactNode {
  const store = useAppStore();
  const reading = useApp((state) => state.image.reading);
  const below = unreadLayers(detail).filter(({ index }) => index < layer);
  if (below.length === 0) return null;
  if (reading !== null) return <ReadLayers layers={below} what="The layers below" />;
  return (
    <div className={panels.partial} role="status">
      {formatCount(below.length, 'layer')} below {below.length === 1 ? 'was' : 'were'} not read: every file
      counts as added.
      <Button
        tone="link"
        onClick={() => {
          const { image, toasts } = store.getState();
          image.readLayers(below.map(({ index }) => index)).catch((error: unknown) => toasts.fail(error));
        }}
      >
        Read {below.length === 1 ? 'it' : 'them'} too, {formatBytes(sumSizes(below))}
      </Button>
    </div>
  );
}

function Tree({ files }: { readonly files: FilesSlice }): ReactNode {
  const store = useAppStore();
  const { directories, opened, found, view } = files;
  const isSearching = files.search.trim() !== '';
  const tree = useMemo(() => flattenTree(directories, opened), [directories, opened]);
  const results = useMemo(() => (found.status === 'ready' ? found.value.rows.map(toLine) : []), [found]);
  const root = directories[''];
  if (isSearching && found.status === 'failed') return <ErrorNotice centre error={found.error} />;
  if (isSearching && found.status === 'ready' && results.length === 0)
    return <div className={styles.note}>No path contains “{files.search}”.</div>;
  if (!isSearching && root !== undefined && root.total === 0 && !root.isLoading && root.error === null)
    return (
      <EmptyState icon={FileX} title="No files">
        {view === 'layer' ? 'This layer changes no file.' : 'There are no files up to this layer.'}
      </EmptyState>
    );
  const words = view === 'layer' ? 'Path in this layer' : 'Path up to this layer';
  const hits = found.status === 'ready' ? `${formatNumber(found.value.total)} found` : 'Searching…';
  return (
    <FileTree
      lines={isSearching ? results : tree}
      title={isSearching ? hits : words}
      isFlat={isSearching}
      sort={files.sort}
      whole={rootSize(directories)}
      onSort={files.setSort}
      onToggle={(row) => {
        files.select(row);
        if (!isSearching) files.toggle(row.path);
      }}
      onShow={(row) => {
        if (canRead(row)) void store.getState().files.showPreview(row);
        else files.select(row);
      }}
      onLoad={(path) => void files.loadMore(path)}
    />
  );
}

/** A search result as a line without depth; directories among them cannot be opened in place. */
function toLine(row: FileRow): TreeLine {
  return { kind: 'file', row: { ...row, hasChildren: false }, depth: 0, isOpen: false };
}
