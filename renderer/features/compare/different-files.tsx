import { Equal } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { FileDifference } from '#shared/contract/images.ts';
import { formatBytesDifference } from '#shared/format/bytes.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';
import styles from './compare.module.css';
import { differenceWords } from './comparison-words.ts';

const TONES = { added: text.ok, changed: text.info, removed: text.bad } as const;

const COLUMNS: readonly TableColumn<FileDifference>[] = [
  { id: 'path', title: 'Path', width: 180, grow: 1, cell: (row) => <Path row={row} /> },
  {
    id: 'change',
    title: 'Change',
    width: 86,
    cell: (row) => <span className={TONES[row.change]}>{differenceWords(row)}</span>,
  },
  { id: 'before', title: 'Before', width: 72, align: 'end', cell: (row) => <Size value={row.before} /> },
  { id: 'after', title: 'After', width: 72, align: 'end', cell: (row) => <Size value={row.after} /> },
  {
    id: 'difference',
    title: 'Difference',
    width: 80,
    align: 'end',
    cell: (row) => <Difference bytes={(row.after ?? 0) - (row.before ?? 0)} />,
  },
];

/** The files in which the images differ, largest difference first; more come as one scrolls. */
export function DifferentFiles({ isSame }: { readonly isSame: boolean }): ReactNode {
  const { differences, search } = useApp((state) => state.comparison);
  const loadMore = useApp((state) => state.comparison.loadMore);
  const setSearch = useApp((state) => state.comparison.setSearch);
  const { rows, total, isLoading, error } = differences;
  if (isSame && rows.length === 0 && !isLoading && search === '')
    return (
      <EmptyState icon={Equal} title="The files are the same">
        Content, mode, owner and links of every file are equal; times do not count.
      </EmptyState>
    );
  return (
    <div className={styles.files}>
      <div className={styles.bar}>
        <span className={text.faint} role="status">
          {isLoading && rows.length === 0 ? 'Reading…' : formatCount(total, 'path')}
        </span>
        <SearchField className={styles.search} label="Search paths" value={search} onValue={setSearch} />
      </div>
      {error === null ? null : (
        <ErrorNotice
          error={error}
          actions={
            <Button small onClick={() => void loadMore()}>
              Try again
            </Button>
          }
        />
      )}
      <VirtualTable
        label="Files that differ"
        rows={rows}
        rowCount={total}
        columns={COLUMNS}
        rowHeight={30}
        rowId={(row) => row.path}
        rowName={(row) => row.path}
        onEnd={() => void loadMore()}
        empty={isLoading ? ' ' : `No path contains “${search}”.`}
      />
    </div>
  );
}

function Path({ row }: { readonly row: FileDifference }): ReactNode {
  return (
    <div className={styles.path} title={`/${row.path}`}>
      <bdi>
        /{row.path}
        {row.isDirectory ? '/' : ''}
      </bdi>
      {row.isDirectory && row.files > 0 ? (
        <span className={styles.count}>{formatNumber(row.files)} files</span>
      ) : null}
    </div>
  );
}

function Size({ value }: { readonly value: number | null }): ReactNode {
  return value === null ? null : <Bytes value={value} />;
}

function Difference({ bytes }: { readonly bytes: number }): ReactNode {
  return (
    <span
      className={classNames(text.number, bytes === 0 && text.faint)}
      title={`${formatNumber(bytes)} bytes`}
    >
      {bytes === 0 ? 'same size' : formatBytesDifference(bytes)}
    </span>
  );
}
