import type { ReactNode } from 'react';
import { buildProject, cancelBuild } from '#renderer/commands/build-project.ts';
import { Button } from '#renderer/components/button.tsx';
import { Chip, ChipButton } from '#renderer/components/chip.tsx';
import { engineById } from '#renderer/store/engines-slice.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { runningBuild } from '#renderer/store/workbench-slice.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ProjectSource, ProjectSummary } from '#shared/contract/projects.ts';
import { DEFAULT_DOCKERFILE } from './options-form.ts';
import { ProjectMenu } from './project-menu.tsx';

/** Name and place of the open project, and what builds it where that is not the built-in engine. */
export function ProjectTitle({ project }: { readonly project: ProjectSummary }): ReactNode {
  const engineId = project.options.engine;
  const engine = useApp((state) => engineById(state.engines, engineId)?.name ?? engineId);
  return (
    <>
      <h1>{project.name}</h1>
      <span className={classNames(text.mono, text.faint, text.fromEnd)} title={project.path}>
        <bdi>
          {project.displayPath}/{project.options.dockerfile ?? DEFAULT_DOCKERFILE}
        </bdi>
      </span>
      {engineId !== 'builtin' && (
        <Chip
          tone="pill"
          title={`Its images are in ${engine}: choose it below the screens to see them in the list.`}
        >
          built by {engine}
        </Chip>
      )}
    </>
  );
}

/** The buttons of the open project: its tag, its options, Build or Cancel. */
export function ProjectActions({ project }: { readonly project: ProjectSummary }): ReactNode {
  const store = useAppStore();
  const isRunning = useApp((state) => runningBuild(state) !== null);
  const isStarting = useApp((state) => state.workbench.isStarting);
  const obstacle = useApp((state) => obstacleIn(state.workbench.source));
  const [tag, ...others] = project.options.tags;
  const showOptions = (): void =>
    store.getState().dialogs.show({ kind: 'build-options', projectId: project.id });
  return (
    <>
      <ChipButton tone={tag === undefined ? 'quiet' : 'name'} onClick={showOptions} title="Tags of the image">
        {tag === undefined ? '+ tag' : others.length === 0 ? tag : `${tag} and ${others.length} more`}
      </ChipButton>
      <ProjectMenu project={project} />
      <Button onClick={showOptions}>Options…</Button>
      {isRunning ? (
        <Button tone="danger" onClick={() => void cancelBuild.run(store)}>
          Cancel
        </Button>
      ) : (
        <Button
          tone="primary"
          disabled={isStarting}
          unavailable={obstacle}
          onClick={() => void buildProject.run(store)}
        >
          Build
        </Button>
      )}
    </>
  );
}

/** Why the Dockerfile cannot be built as it is; undefined when nothing is known against it. */
function obstacleIn(source: Remote<ProjectSource>): string | undefined {
  if (source.status === 'failed') return source.error.message;
  if (source.status !== 'ready' || source.value.error === null) return undefined;
  return 'The Dockerfile has an error that must be mended first.';
}
