import type { ReactNode } from 'react';
import { Screen } from '#renderer/components/screen.tsx';

/** The Settings screen. */
export function SettingsScreen(): ReactNode {
  return <Screen title={<h1>Settings</h1>}>{null}</Screen>;
}
