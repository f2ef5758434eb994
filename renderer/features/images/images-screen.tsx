import { Download, Hammer, Layers } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { goToScreenCommands } from '#renderer/commands/go-to-screen.ts';
import { pullImage } from '#renderer/commands/pull-image.ts';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import type { ImageFilter } from '#renderer/store/images-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';
import { BulkBar } from './bulk-bar.tsx';
import { IMAGE_COLUMNS } from './image-columns.tsx';
import { findImages, fitsFilter, imageName } from './image-rows.ts';
import styles from './images.module.css';
import { OpenImageButton } from './open-image-button.tsx';

const FILTERS: readonly { readonly value: ImageFilter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'in-use', label: 'In use' },
  { value: 'unused', label: 'Unused' },
  { value: 'dangling', label: 'Dangling' },
];

/** The Images screen: everything one engine holds. */
export function ImagesScreen(): ReactNode {
  const list = useApp((state) => state.images.list);
  const load = useApp((state) => state.images.load);
  const search = useApp((state) => state.images.search);
  const setSearch = useApp((state) => state.images.setSearch);
  const count = list.status === 'ready' ? list.value.length : 0;
  return (
    <Screen
      title={
        <>
          <h1>Images</h1>
          {count === 0 ? null : <span className={text.faint}>{formatCount(count, 'image')}</span>}
        </>
      }
      actions={
        <>
          <SearchField className={styles.search} label="Search images" value={search} onValue={setSearch} />
          <CommandButton command={pullImage} icon={<Download aria-hidden />}>
            Pull…
          </CommandButton>
          <OpenImageButton />
        </>
      }
    >
      <RemoteView remote={list} what="images" onRetry={() => void load()}>
        {(images) => (images.length === 0 ? <NoImages /> : <ImageTable images={images} />)}
      </RemoteView>
    </Screen>
  );
}

function ImageTable({ images }: { readonly images: readonly ImageSummary[] }): ReactNode {
  const store = useAppStore();
  const { search, filter, sorting, selected } = useApp((state) => state.images);
  const { setFilter, setSorting, setSelected } = store.getState().images;
  const rows = useMemo(() => findImages(images, search, filter), [images, search, filter]);
  const counts = useMemo(
    () =>
      FILTERS.map((option) => ({
        ...option,
        note: formatNumber(images.filter((image) => fitsFilter(image, option.value)).length),
      })),
    [images],
  );
  return (
    <>
      {selected.size > 0 ? (
        <BulkBar images={images} />
      ) : (
        <ScreenBar label="Filter images">
          <Segmented label="Show" value={filter} options={counts} onValue={setFilter} />
        </ScreenBar>
      )}
      <VirtualTable
        label="Images"
        rows={rows}
        columns={IMAGE_COLUMNS}
        rowId={(image) => image.id}
        rowName={imageName}
        sorting={sorting}
        onSorting={setSorting}
        selected={selected}
        onSelected={setSelected}
        onOpen={(image) =>
          store.getState().navigation.go({ screen: 'image', engine: image.engine, ref: image.id })
        }
        onDelete={(image) =>
          store.getState().dialogs.show({ kind: 'remove-images', engine: image.engine, ids: [image.id] })
        }
        empty={search === '' ? 'No image fits this filter.' : `No image fits “${search}”.`}
      />
    </>
  );
}

function NoImages(): ReactNode {
  const goToProjects = goToScreenCommands.find((command) => command.id === 'go-projects');
  return (
    <EmptyState
      icon={Layers}
      title="No images yet"
      actions={
        <>
          {goToProjects === undefined ? null : (
            <CommandButton command={goToProjects} tone="primary" icon={<Hammer aria-hidden />}>
              Build a project
            </CommandButton>
          )}
          <CommandButton command={pullImage} icon={<Download aria-hidden />}>
            Pull…
          </CommandButton>
          <OpenImageButton />
        </>
      }
    >
      Build one from a project folder, pull one from a registry, or open a saved archive.
    </EmptyState>
  );
}
