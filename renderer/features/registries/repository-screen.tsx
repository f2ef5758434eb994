import { Copy, Download, RefreshCw, Tag } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { RepositoryName } from '#renderer/components/repository-name.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { ImmutableSwitch } from '#renderer/features/tags/immutable-switch.tsx';
import { familiarName } from '#renderer/store/remote-tags-slice.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import { formatCount } from '#shared/format/count.ts';
import { RateLimitNote } from './rate-limit-note.tsx';
import styles from './registries.module.css';
import { registryErrorActions } from './registry-error-actions.tsx';
import { TAG_COLUMNS, type TagRow } from './tag-columns.tsx';

/** One repository at a registry: its tags with what each of them names. */
export function RepositoryScreen({ name }: { readonly name: string }): ReactNode {
  const store = useAppStore();
  const { host, tags, total, limit, search } = useApp((state) => state.remoteTags);
  const { reload, setSearch } = store.getState().remoteTags;
  const repository = familiarName(name);
  const path = name.startsWith(`${host}/`) ? name.slice(host.length + 1) : name;
  return (
    <Screen
      title={
        <>
          <a className={styles.crumb} href={formatRoute({ screen: 'registries' })}>
            Registries /
          </a>
          {host === '' ? null : (
            <a className={styles.crumb} href={formatRoute({ screen: 'registry', host })}>
              {host} /
            </a>
          )}
          <h1 title={name} aria-label={path}>
            <RepositoryName name={path} />
          </h1>
          <CopyButton label="Copy the name of the repository" text={repository} />
          <ImmutableSwitch repository={repository} />
          {tags.status === 'ready' ? (
            <span className={classNames(text.faint, styles.count)} role="status">
              {search.trim() === '' ? formatCount(total, 'tag') : `${formatCount(total, 'tag')} found`}
            </span>
          ) : null}
        </>
      }
      actions={
        <>
          <SearchField className={styles.search} label="Search tags" value={search} onValue={setSearch} />
          <Button icon={<RefreshCw aria-hidden />} onClick={() => void reload()}>
            Reload
          </Button>
          <Button
            icon={<Download aria-hidden />}
            onClick={() =>
              store.getState().dialogs.show({ kind: 'pull-image', reference: repository, engine: 'builtin' })
            }
          >
            Pull…
          </Button>
          <Button
            icon={<Copy aria-hidden />}
            onClick={() =>
              store.getState().dialogs.show({ kind: 'copy-image', from: `${repository}:`, to: '' })
            }
          >
            Copy…
          </Button>
        </>
      }
      bars={limit === null ? undefined : <Counted />}
    >
      {tags.status === 'failed' ? (
        <ErrorNotice
          centre
          error={tags.error}
          actions={registryErrorActions(tags.error, () => void reload())}
        />
      ) : (
        <RemoteView remote={tags} what="tags" onRetry={() => void reload()}>
          {(names) =>
            names.length === 0 && search.trim() === '' ? (
              <EmptyState icon={Tag} title="No tags">
                The repository is there and no tag names anything in it.
              </EmptyState>
            ) : (
              <Tags names={names} />
            )
          }
        </RemoteView>
      )}
    </Screen>
  );
}

/** Says that the registry counts, and lets a person decide what it is spent on. */
function Counted(): ReactNode {
  const { limit, readsAll, readAll } = useApp((state) => state.remoteTags);
  return (
    <ScreenBar label="Pulls left">
      <RateLimitNote limit={limit} />
      <span className={text.dim}>
        {readsAll
          ? 'Each tag whose size is read may count as a pull.'
          : 'Digests are asked for without counting; sizes and platforms are read when you say so.'}
      </span>
      {readsAll ? null : (
        <Button small onClick={readAll}>
          Read sizes too
        </Button>
      )}
    </ScreenBar>
  );
}

function Tags({ names }: { readonly names: readonly string[] }): ReactNode {
  const store = useAppStore();
  const { repository, total, moreError, search } = useApp((state) => state.remoteTags);
  const { loadMore } = store.getState().remoteTags;
  const rows = useMemo((): readonly TagRow[] => {
    const familiar = familiarName(repository);
    return names.map((tag) => ({ tag, reference: `${familiar}:${tag}` }));
  }, [names, repository]);
  return (
    <>
      {moreError === null ? null : (
        <ErrorNotice error={moreError} actions={registryErrorActions(moreError, () => void loadMore())} />
      )}
      <VirtualTable
        label="Tags"
        rows={rows}
        rowCount={total}
        columns={TAG_COLUMNS}
        rowId={(row) => row.tag}
        rowName={(row) => row.tag}
        onOpen={(row) =>
          store.getState().navigation.go({ screen: 'image', engine: 'registry', ref: row.reference })
        }
        onDelete={(row) => store.getState().dialogs.show({ kind: 'delete-tag', reference: row.reference })}
        onEnd={() => void loadMore()}
        empty={`No tag contains “${search.trim()}”.`}
      />
    </>
  );
}
