import { FolderX } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import type { ProjectSummary } from '#shared/contract/projects.ts';
import { ProjectBody } from './project-body.tsx';

/** The screen of one project: its Dockerfile, what a build would do, and what the last one did. */
export function ProjectScreen({ id }: { readonly id: string }): ReactNode {
  const projects = useApp((state) => state.projects.list);
  const load = useApp((state) => state.projects.load);
  return (
    <RemoteView remote={projects} what="the project" onRetry={() => void load()}>
      {(list) => {
        const project = list.find((candidate) => candidate.id === id);
        return project === undefined ? <NoProject /> : <OpenProject project={project} />;
      }}
    </RemoteView>
  );
}

function OpenProject({ project }: { readonly project: ProjectSummary }): ReactNode {
  const open = useApp((state) => state.workbench.open);
  const close = useApp((state) => state.workbench.close);
  const isOpen = useApp((state) => state.workbench.projectId === project.id);
  useEffect(() => {
    open(project.id);
    return close;
  }, [open, close, project.id]);
  if (!isOpen) return null;
  return <ProjectBody project={project} />;
}

function NoProject(): ReactNode {
  const go = useApp((state) => state.navigation.go);
  return (
    <Screen title={<h1>Project</h1>}>
      <EmptyState
        icon={FolderX}
        title="This project is not in the list any more"
        actions={<Button onClick={() => go({ screen: 'projects' })}>All projects</Button>}
      >
        It was removed from Strata. Its folder was not touched; open it again to build it.
      </EmptyState>
    </Screen>
  );
}
