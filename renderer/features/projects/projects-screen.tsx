import { FlaskConical, FolderOpen, Layers } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { createSample, openFolder } from '#renderer/commands/open-folder.ts';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { SearchField } from '#renderer/components/search-field.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ProjectSummary } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import { BuiltFolders } from './built-folders.tsx';
import { ProjectRow } from './project-row.tsx';
import styles from './projects.module.css';

/** From this many projects on there is a search. */
const MANY = 6;

/** The folders that are built. */
export function ProjectsScreen(): ReactNode {
  const store = useAppStore();
  const projects = useApp((state) => state.projects.list);
  const load = useApp((state) => state.projects.load);
  const [search, setSearch] = useState('');
  const count = projects.status === 'ready' ? projects.value.length : 0;
  return (
    <Screen
      title={
        <>
          <h1>Projects</h1>
          {count > 0 && <span className={text.dim}>{formatCount(count, 'folder')}</span>}
        </>
      }
      actions={
        count > 0 && (
          <>
            {count >= MANY && <SearchField label="Search projects" value={search} onValue={setSearch} />}
            <Button onClick={() => void createSample.run(store)}>Sample…</Button>
            <Button tone="primary" onClick={() => void openFolder.run(store)}>
              Open folder…
            </Button>
          </>
        )
      }
    >
      <RemoteView remote={projects} what="projects" onRetry={() => void load()}>
        {(list) => (
          <>
            {list.length === 0 ? <NoProjects /> : <ProjectList projects={list} search={search} />}
            {search === '' && <BuiltFolders />}
          </>
        )}
      </RemoteView>
    </Screen>
  );
}

function ProjectList(props: {
  readonly projects: readonly ProjectSummary[];
  readonly search: string;
}): ReactNode {
  const words = props.search.toLowerCase().split(/\s+/);
  const found = props.projects.filter((project) => {
    const all = `${project.name} ${project.path} ${project.options.tags.join(' ')}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  if (found.length === 0) return <EmptyState title={`No project fits “${props.search}”`} />;
  return (
    <ul className={styles.list} aria-label="Projects">
      {found.map((project) => (
        <ProjectRow key={project.id} project={project} />
      ))}
    </ul>
  );
}

function NoProjects(): ReactNode {
  const store = useAppStore();
  const isDesktop = useApp(
    (state) => state.host.info.status === 'ready' && state.host.info.value.host === 'desktop',
  );
  return (
    <div className={styles.start}>
      <EmptyState
        icon={Layers}
        title="Build your first image"
        actions={
          <>
            <Button
              tone="primary"
              icon={<FolderOpen aria-hidden />}
              onClick={() => void openFolder.run(store)}
            >
              Open folder…
            </Button>
            <Button icon={<FlaskConical aria-hidden />} onClick={() => void createSample.run(store)}>
              Try the sample project…
            </Button>
          </>
        }
      >
        Open a folder that holds a Dockerfile{isDesktop ? ', or drop it anywhere in this window' : ''}. Strata
        shows what a build would do before you start it, and why. No Docker is needed.
        <p className={styles.sampleNote}>
          No Dockerfile at hand? The sample is a first minute without network: its base image is put together
          from this machine's own tools.
        </p>
      </EmptyState>
    </div>
  );
}
