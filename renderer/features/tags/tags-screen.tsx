import { Tag } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { TagMove } from '#shared/contract/tags.ts';
import { formatCount } from '#shared/format/count.ts';
import { JOURNAL_COLUMNS, moveName } from './journal-columns.tsx';
import { findMoves } from './journal-rows.ts';

/** Every tag that Strata moved, here and at registries, with the way back. */
export function TagsScreen(): ReactNode {
  const moves = useApp((state) => state.journal.moves);
  const load = useApp((state) => state.journal.load);
  const count = moves.status === 'ready' ? moves.value.length : 0;
  return (
    <Screen
      title={
        <>
          <h1>Tags</h1>
          {count > 0 && <span className={text.faint}>{formatCount(count, 'move')}</span>}
        </>
      }
    >
      <RemoteView remote={moves} what="the journal of tags" onRetry={() => void load()}>
        {(value) => (value.length === 0 ? <NoMoves /> : <Journal moves={value} />)}
      </RemoteView>
    </Screen>
  );
}

function Journal({ moves }: { readonly moves: readonly TagMove[] }): ReactNode {
  const store = useAppStore();
  const { search, place, setSearch, setPlace } = useApp((state) => state.journal);
  const rows = useMemo(() => findMoves(moves, search, place), [moves, search, place]);
  return (
    <>
      <ScreenBar label="Filter the journal">
        <SearchField label="Search the journal" value={search} onValue={setSearch} />
        <Segmented
          label="Where tags were moved"
          value={place}
          onValue={setPlace}
          options={[
            { value: 'all', label: 'All' },
            { value: 'here', label: 'This store' },
            { value: 'registries', label: 'Registries' },
          ]}
        />
        <span className={text.faint} role="status">
          {rows.length === moves.length ? '' : `${formatCount(rows.length, 'move')} found`}
        </span>
      </ScreenBar>
      <VirtualTable
        label="Moved tags"
        rows={rows}
        columns={JOURNAL_COLUMNS}
        rowId={(move) => move.id}
        rowName={moveName}
        initialSorting={{ column: 'time', descending: true }}
        onOpen={(move) => store.getState().dialogs.show({ kind: 'tag-move', move })}
        empty="No move fits the search."
      />
    </>
  );
}

function NoMoves(): ReactNode {
  return (
    <EmptyState icon={Tag} title="No tag was moved yet">
      A tag is a name that can be moved to another image. Each time you build, tag, pull or push, the move is
      noted here, and one click takes it back.
    </EmptyState>
  );
}
