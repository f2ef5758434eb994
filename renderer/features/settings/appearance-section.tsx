import type { ReactNode } from 'react';
import { Segmented } from '#renderer/components/segmented.tsx';
import type { SettingsView } from '#shared/contract/settings.ts';
import { Section, SettingRow } from './section.tsx';
import { useChange } from './use-change.tsx';

const THEMES: readonly { readonly value: SettingsView['theme']; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
];

/** How Strata looks. */
export function AppearanceSection({ settings }: { readonly settings: SettingsView }): ReactNode {
  const { change, problem } = useChange();
  return (
    <Section title="Appearance">
      {problem}
      <SettingRow title="Theme">
        <Segmented
          label="Theme"
          value={settings.theme}
          options={THEMES}
          onValue={(theme) => void change({ theme })}
        />
      </SettingRow>
    </Section>
  );
}
