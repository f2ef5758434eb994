import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Images screen. */
export function ImagesScreen(): ReactNode {
  return <Screen title={<h1>Images</h1>}>{null}</Screen>;
}
