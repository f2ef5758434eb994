import { Box, LogIn } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { RepositoryName } from '#renderer/components/repository-name.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ErrorView } from '#shared/contract/common.ts';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import { formatCount } from '#shared/format/count.ts';
import { OpenPlace } from './open-place.tsx';
import { RateLimitNote } from './rate-limit-note.tsx';
import styles from './registries.module.css';
import { registryErrorActions } from './registry-error-actions.tsx';
import { useKnownRegistries } from './use-known-registries.ts';

interface RepositoryRow {
  readonly name: string;
}

const COLUMNS: readonly TableColumn<RepositoryRow>[] = [
  {
    id: 'name',
    title: 'Repository',
    width: 200,
    grow: 1,
    sortValue: (row) => row.name,
    cell: (row) => (
      <span className={styles.host}>
        <RepositoryName name={row.name} />
      </span>
    ),
  },
];

/** What such an error means here: the registry works, it only does not list what it has. */
const NO_LIST: readonly ErrorView['code'][] = ['unsupported', 'unauthorized', 'forbidden', 'not-found'];

/** One registry: the repositories that it lists, or a field to type one. */
export function RegistryScreen({ host }: { readonly host: string }): ReactNode {
  const { repositories, limit, search, hasMore } = useApp((state) => state.catalog);
  const { reload, setSearch } = useApp((state) => state.catalog);
  const count = repositories.status === 'ready' ? repositories.value.length : 0;
  const refusal = repositories.status === 'failed' ? repositories.error : undefined;
  return (
    <Screen
      title={
        <>
          <a className={styles.crumb} href={formatRoute({ screen: 'registries' })}>
            Registries /
          </a>
          <h1 title={host}>{host}</h1>
          {count === 0 ? null : (
            <span className={text.faint}>
              {formatCount(count, 'repository', 'repositories')}
              {hasMore ? ' and more' : ''}
            </span>
          )}
        </>
      }
      actions={
        <>
          <RateLimitNote limit={limit} />
          <SearchField
            className={styles.search}
            label="Search repositories"
            value={search}
            onValue={setSearch}
          />
        </>
      }
      bars={
        <ScreenBar label="Open a repository">
          <OpenPlace label="Repository" placeholder="team/app, or team/app:1.0" host={host} />
        </ScreenBar>
      }
    >
      {refusal !== undefined && NO_LIST.includes(refusal.code) ? (
        <NoList host={host} refusal={refusal} />
      ) : refusal !== undefined ? (
        <ErrorNotice centre error={refusal} actions={registryErrorActions(refusal, () => void reload())} />
      ) : (
        <RemoteView remote={repositories} what="repositories" onRetry={() => void reload()}>
          {(names) => (names.length === 0 ? <Nothing /> : <Repositories host={host} names={names} />)}
        </RemoteView>
      )}
    </Screen>
  );
}

function Repositories(props: { readonly host: string; readonly names: readonly string[] }): ReactNode {
  const store = useAppStore();
  const { search, moreError } = useApp((state) => state.catalog);
  const { loadMore } = store.getState().catalog;
  const rows = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return props.names
      .filter((name) => words.every((word) => name.toLowerCase().includes(word)))
      .map((name) => ({ name }));
  }, [props.names, search]);
  return (
    <>
      {moreError === null ? null : (
        <ErrorNotice error={moreError} actions={registryErrorActions(moreError, () => void loadMore())} />
      )}
      <VirtualTable
        label="Repositories"
        rows={rows}
        columns={COLUMNS}
        rowId={(row) => row.name}
        rowName={(row) => row.name}
        onOpen={(row) =>
          store.getState().navigation.go({ screen: 'repository', name: `${props.host}/${row.name}` })
        }
        onEnd={() => void loadMore()}
        empty={`No repository fits “${search}”.`}
      />
    </>
  );
}

function Nothing(): ReactNode {
  return (
    <EmptyState icon={Box} title="No repositories yet">
      The registry answers and holds nothing. Push an image there, and it is listed here.
    </EmptyState>
  );
}

const NO_ACCOUNTS: readonly RegistryAccount[] = [];

/** The registry does not list its repositories: says so, and offers those that are known. */
function NoList({ host, refusal }: { readonly host: string; readonly refusal: ErrorView }): ReactNode {
  const store = useAppStore();
  const accounts = useApp((state) => valueOr(state.registries.list, NO_ACCOUNTS));
  const isSignedIn = accounts.some((account) => account.host === host);
  const known = useKnownRegistries(NO_ACCOUNTS).find((each) => each.host === host);
  return (
    <EmptyState
      icon={Box}
      title="This registry does not list its repositories"
      actions={
        isSignedIn || refusal.code === 'unsupported' || refusal.code === 'not-found' ? undefined : (
          <Button
            icon={<LogIn aria-hidden />}
            onClick={() => store.getState().dialogs.show({ kind: 'sign-in', host })}
          >
            Sign in to {host}…
          </Button>
        )
      }
    >
      Type the name of a repository above to see its tags.
      {isSignedIn ? ' Most public registries list none.' : ' It may list them to those who have signed in.'}
      {known === undefined || known.repositories.length === 0 ? null : (
        <ul className={styles.known} aria-label="Known repositories">
          {known.repositories.map((name) => (
            <li key={name}>
              <a href={formatRoute({ screen: 'repository', name })}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      <p className={text.faint} title={refusal.hint}>
        {refusal.message}
      </p>
    </EmptyState>
  );
}
