import type { ReactNode } from 'react';
import { BuildScreen } from '#renderer/features/builds/build-screen.tsx';
import { BuildsScreen } from '#renderer/features/builds/builds-screen.tsx';
import { CompareBuildsScreen } from '#renderer/features/builds/compare/compare-builds-screen.tsx';
import { CompareScreen } from '#renderer/features/compare/compare-screen.tsx';
import { ContainersScreen } from '#renderer/features/containers/containers-screen.tsx';
import { ImageScreen } from '#renderer/features/image/image-screen.tsx';
import { ImagesScreen } from '#renderer/features/images/images-screen.tsx';
import { ProjectScreen } from '#renderer/features/projects/project-screen.tsx';
import { ProjectsScreen } from '#renderer/features/projects/projects-screen.tsx';
import { RegistriesScreen } from '#renderer/features/registries/registries-screen.tsx';
import { RegistryScreen } from '#renderer/features/registries/registry-screen.tsx';
import { RepositoryScreen } from '#renderer/features/registries/repository-screen.tsx';
import { SettingsScreen } from '#renderer/features/settings/settings-screen.tsx';
import { StorageScreen } from '#renderer/features/storage/storage-screen.tsx';
import { TagsScreen } from '#renderer/features/tags/tags-screen.tsx';
import { formatRoute, type Route } from '#renderer/store/route.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { useSecondClick } from './use-second-click.ts';

/** Draws the screen of the route; another project, image or build starts afresh. */
export function ScreenHost(): ReactNode {
  const route = useApp((state) => state.navigation.route);
  const place = formatRoute(route);
  useSecondClick(place);
  return <ScreenOf key={place} route={route} />;
}

function ScreenOf({ route }: { readonly route: Route }): ReactNode {
  switch (route.screen) {
    case 'projects':
      return <ProjectsScreen />;
    case 'project':
      return <ProjectScreen id={route.id} />;
    case 'images':
      return <ImagesScreen />;
    case 'image':
      return <ImageScreen engine={route.engine} imageRef={route.ref} />;
    case 'compare':
      return <CompareScreen />;
    case 'builds':
      return <BuildsScreen />;
    case 'build':
      return <BuildScreen id={route.id} line={route.line} />;
    case 'compare-builds':
      return <CompareBuildsScreen />;
    case 'containers':
      return <ContainersScreen />;
    case 'registries':
      return <RegistriesScreen />;
    case 'registry':
      return <RegistryScreen host={route.host} />;
    case 'repository':
      return <RepositoryScreen name={route.name} />;
    case 'storage':
      return <StorageScreen />;
    case 'tags':
      return <TagsScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}
