import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The screen of one project. */
export function ProjectScreen({ id }: { readonly id: string }): ReactNode {
  return <Screen title={<h1>{id}</h1>}>{null}</Screen>;
}
