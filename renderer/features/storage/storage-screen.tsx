import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Storage screen. */
export function StorageScreen(): ReactNode {
  return <Screen title={<h1>Storage</h1>}>{null}</Screen>;
}
