import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Projects screen. */
export function ProjectsScreen(): ReactNode {
  return <Screen title={<h1>Projects</h1>}>{null}</Screen>;
}
