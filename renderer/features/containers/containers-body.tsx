import { type ReactNode, useMemo, useState } from 'react';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Grow, ScreenBar } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { type ContainerList, containerKey } from '#renderer/store/containers-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { removeContainer } from './container-actions.tsx';
import { CONTAINER_COLUMNS } from './container-columns.tsx';
import { ContainerLog } from './container-log.tsx';
import { type ContainerFilter, findContainers, fitsFilter } from './container-rows.ts';
import styles from './containers.module.css';

const FILTERS: readonly { readonly value: ContainerFilter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'stopped', label: 'Stopped' },
  { value: 'outdated', label: 'Outdated' },
];

/** The table of containers, and below it the log of the one that was chosen. */
export function ContainersBody({ list }: { readonly list: ContainerList }): ReactNode {
  const store = useAppStore();
  const shown = useApp((state) => state.containerLogs.shown);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<ContainerFilter>('all');
  const { containers } = list;
  const rows = useMemo(() => findContainers(containers, search, filter), [containers, search, filter]);
  const chosen = containers.find((container) => containerKey(container) === shown);
  const table = (
    <VirtualTable<ContainerSummary>
      label="Containers"
      rows={rows}
      columns={CONTAINER_COLUMNS}
      rowId={containerKey}
      rowName={(container) => container.name}
      onOpen={(container) => store.getState().containerLogs.follow(container)}
      onDelete={(container) => removeContainer(store, container)}
      rowHeight={38}
      empty={search === '' ? 'No container fits this filter.' : `No container fits “${search}”.`}
    />
  );
  return (
    <>
      <ScreenBar label="Filter containers">
        <Segmented<ContainerFilter>
          label="Show"
          value={filter}
          onValue={setFilter}
          options={FILTERS.map((option) => ({
            ...option,
            note: containers.filter((container) => fitsFilter(container, option.value)).length,
          }))}
        />
        <Grow />
        <SearchField label="Search containers" value={search} onValue={setSearch} />
      </ScreenBar>
      {list.failures.map(({ engine, error }) => (
        <div key={engine} className={styles.failure}>
          <ErrorNotice error={{ ...error, message: `${engine}: ${error.message}` }} />
        </div>
      ))}
      {chosen === undefined ? (
        table
      ) : (
        <SplitPane
          id="container-log"
          label="the log"
          direction="column"
          sized="end"
          initial={320}
          min={140}
          minOther={140}
          start={table}
          end={<ContainerLog container={chosen} />}
        />
      )}
    </>
  );
}
