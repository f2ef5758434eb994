import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Registries screen. */
export function RegistriesScreen(): ReactNode {
  return <Screen title={<h1>Registries</h1>}>{null}</Screen>;
}
