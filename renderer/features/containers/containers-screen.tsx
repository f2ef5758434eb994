import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Containers screen. */
export function ContainersScreen(): ReactNode {
  return <Screen title={<h1>Containers</h1>}>{null}</Screen>;
}
