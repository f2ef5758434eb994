import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Builds screen. */
export function BuildsScreen(): ReactNode {
  return <Screen title={<h1>Builds</h1>}>{null}</Screen>;
}
