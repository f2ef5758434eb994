import { History } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { goToScreenCommands } from '#renderer/commands/go-to-screen.ts';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen, ScreenBar } from '#renderer/components/screen.tsx';
import { Select } from '#renderer/components/select.tsx';
import { VirtualTable } from '#renderer/components/table/virtual-table.tsx';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuildSummary } from '#shared/contract/builds.ts';
import { formatCount } from '#shared/format/count.ts';
import { BUILD_COLUMNS, buildName } from './build-columns.tsx';
import { projectsOfBuilds, retentionWords, trendOf } from './build-history.ts';
import { BuildTrendLine } from './build-trend.tsx';
import styles from './builds.module.css';
import { removeBuilds } from './remove-builds.ts';
import { SelectedBar } from './selected-bar.tsx';

/** Every build that is kept. */
export function BuildsScreen(): ReactNode {
  const list = useApp((state) => state.builds.list);
  const load = useApp((state) => state.builds.load);
  const count = list.status === 'ready' ? list.value.length : 0;
  return (
    <Screen
      title={
        <>
          <h1>Builds</h1>
          {count > 0 && <span className={text.faint}>{formatCount(count, 'build')}</span>}
          {count > 0 && <Kept />}
        </>
      }
    >
      <RemoteView remote={list} what="builds" onRetry={() => void load()}>
        {(builds) => (builds.length === 0 ? <NoBuilds /> : <BuildTable builds={builds} />)}
      </RemoteView>
    </Screen>
  );
}

/** How long builds stay in the history, and the way to change it. */
function Kept(): ReactNode {
  const settings = useApp((state) => state.settings.value);
  if (settings.status !== 'ready') return null;
  return (
    <a className={styles.kept} href={formatRoute({ screen: 'settings' })} title="Change it in the settings">
      {retentionWords(settings.value)}
    </a>
  );
}

function BuildTable({ builds }: { readonly builds: readonly BuildSummary[] }): ReactNode {
  const store = useAppStore();
  const { project, selected } = useApp((state) => state.builds);
  const { setProject, setSelected } = store.getState().builds;
  const projects = useMemo(() => projectsOfBuilds(builds), [builds]);
  const rows = useMemo(
    () => (project === null ? builds : builds.filter((build) => build.projectId === project)),
    [builds, project],
  );
  const trend = useMemo(() => (project === null ? null : trendOf(rows)), [rows, project]);
  return (
    <>
      {selected.size > 0 ? (
        <SelectedBar
          builds={builds.filter(({ id }) => selected.has(id))}
          onClear={() => setSelected(new Set())}
        />
      ) : (
        <ScreenBar label="Filter builds">
          <Select
            label="Project"
            hideLabel
            value={project ?? ''}
            onValue={(id) => setProject(id === '' ? null : id)}
            options={[
              { value: '', label: 'All projects' },
              ...projects.map(({ id, name, builds: number }) => ({
                value: id,
                label: `${name} (${number})`,
              })),
            ]}
          />
          {trend !== null && <BuildTrendLine trend={trend} />}
        </ScreenBar>
      )}
      <VirtualTable
        label="Builds"
        rows={rows}
        columns={BUILD_COLUMNS}
        rowId={(build) => build.id}
        rowName={buildName}
        initialSorting={{ column: 'started', descending: true }}
        selected={selected}
        onSelected={setSelected}
        onOpen={(build) => store.getState().navigation.go({ screen: 'build', id: build.id })}
        onDelete={(build) => removeBuilds(store, [build.id])}
        empty="This project has no builds."
      />
    </>
  );
}

function NoBuilds(): ReactNode {
  const goToProjects = goToScreenCommands.find((command) => command.id === 'go-projects');
  return (
    <EmptyState
      icon={History}
      title="No builds yet"
      actions={
        goToProjects !== undefined && (
          <CommandButton command={goToProjects} tone="primary">
            Go to projects
          </CommandButton>
        )
      }
    >
      Every build is kept here with its steps, their reasons and full logs.
    </EmptyState>
  );
}
