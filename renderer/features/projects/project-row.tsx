import { Ellipsis, SlidersHorizontal, Trash2, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { Menu } from '#renderer/components/menu.tsx';
import { Age, Duration } from '#renderer/components/quantity.tsx';
import { BuildState } from '#renderer/features/builds/build-state.tsx';
import { formatRoute } from '#renderer/store/route.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ProjectSummary } from '#shared/contract/projects.ts';
import styles from './projects.module.css';

/** One project of the list: a link to it, its tag, its last build. */
export function ProjectRow({ project }: { readonly project: ProjectSummary }): ReactNode {
  const [tag, ...others] = project.options.tags;
  return (
    <li className={classNames(styles.row, project.problem !== null && styles.problem)}>
      <a className={styles.link} href={formatRoute({ screen: 'project', id: project.id })}>
        <span className={styles.name}>{project.name}</span>
        <span className={styles.path} title={project.path}>
          {project.displayPath}
        </span>
      </a>
      <span className={styles.tags}>
        {tag !== undefined && <Chip>{tag}</Chip>}
        {others.length > 0 && <span className={text.faint}>+{others.length}</span>}
      </span>
      <span className={styles.last}>
        {project.problem === null ? (
          <LastBuild last={project.lastBuild} />
        ) : (
          <span className={text.warn}>
            <TriangleAlert aria-hidden className={styles.sign} /> {project.problem}
          </span>
        )}
      </span>
      <span className={styles.actions}>
        {project.problem === null && <BuildButton project={project} />}
        <RowMenu project={project} />
      </span>
    </li>
  );
}

/** Builds with the remembered options, and shows the build. */
function BuildButton({ project }: { readonly project: ProjectSummary }): ReactNode {
  const store = useAppStore();
  const [isBusy, setBusy] = useState(false);
  const build = async (): Promise<void> => {
    const { builds, toasts } = store.getState();
    setBusy(true);
    try {
      await builds.startAgain(project.id, project.options);
    } catch (refusal) {
      toasts.fail(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      small
      aria-label={`Build ${project.name}`}
      disabled={isBusy || project.lastBuild?.state === 'running'}
      onClick={() => void build()}
    >
      Build
    </Button>
  );
}

function LastBuild({ last }: { readonly last: ProjectSummary['lastBuild'] }): ReactNode {
  if (last === null) return <span className={text.faint}>Not built yet</span>;
  return (
    <>
      <BuildState state={last.state} /> <Age at={last.startedAt} ago />
      {last.ms !== null && last.state !== 'running' && (
        <span className={styles.detail}>
          <Duration ms={last.ms} />
          {last.steps > 0 && `, ${last.hits} of ${last.steps} cached`}
        </span>
      )}
    </>
  );
}

function RowMenu({ project }: { readonly project: ProjectSummary }): ReactNode {
  const store = useAppStore();
  const { dialogs, projects } = store.getState();
  const remove = (): void =>
    dialogs.show({
      kind: 'confirm',
      title: `Remove ${project.name} from the list?`,
      message: 'Strata forgets the folder and its build options. The folder itself and built images stay.',
      items: [project.path],
      confirm: 'Remove',
      run: () => projects.remove(project.id),
    });
  return (
    <Menu
      align="end"
      items={[
        {
          label: 'Build options…',
          icon: <SlidersHorizontal aria-hidden />,
          disabled: project.problem !== null,
          run: () => dialogs.show({ kind: 'build-options', projectId: project.id }),
        },
        'separator',
        { label: 'Remove from the list…', icon: <Trash2 aria-hidden />, danger: true, run: remove },
      ]}
    >
      <IconButton label={`More for ${project.name}`} small>
        <Ellipsis aria-hidden />
      </IconButton>
    </Menu>
  );
}
