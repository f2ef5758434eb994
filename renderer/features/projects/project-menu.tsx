import { Ellipsis, History, RefreshCw, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { buildWithoutCache, verifyProject } from '#renderer/commands/build-project.ts';
import { IconButton } from '#renderer/components/button.tsx';
import { Menu } from '#renderer/components/menu.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { runningBuild } from '#renderer/store/workbench-slice.ts';
import type { ProjectSummary } from '#shared/contract/projects.ts';

/** What else can be done with the open project. */
export function ProjectMenu({ project }: { readonly project: ProjectSummary }): ReactNode {
  const store = useAppStore();
  const isRunning = useApp((state) => runningBuild(state) !== null);
  const showBuilds = (): void => {
    const { builds, navigation } = store.getState();
    builds.setProject(project.id);
    navigation.go({ screen: 'builds' });
  };
  return (
    <Menu
      align="end"
      items={[
        {
          label: 'Build without the cache',
          icon: <RefreshCw aria-hidden />,
          disabled: isRunning,
          run: () => void buildWithoutCache.run(store),
        },
        {
          label: 'Verify: build twice and compare…',
          icon: <ShieldCheck aria-hidden />,
          run: () => void verifyProject.run(store),
        },
        'separator',
        { label: 'All builds of this project', icon: <History aria-hidden />, run: showBuilds },
      ]}
    >
      <IconButton label="More for this project">
        <Ellipsis aria-hidden />
      </IconButton>
    </Menu>
  );
}
