import { type ReactNode, useState } from 'react';
import { TextField } from '#renderer/components/text-field.tsx';
import type { SettingsView } from '#shared/contract/settings.ts';
import { Section, SettingRow } from './section.tsx';
import styles from './settings.module.css';
import { useChange } from './use-change.tsx';
import { parseWhole } from './whole-number.ts';

/** How many builds the history keeps, and for how long. */
export function BuildsSection({ settings }: { readonly settings: SettingsView }): ReactNode {
  const { change, problem } = useChange();
  const days = settings.keepBuildDays ?? 0;
  return (
    <Section title="Builds">
      {problem}
      <SettingRow title="Builds to keep" note="Older ones go from the history with their logs; images stay.">
        <NumberField
          label="Builds to keep"
          value={settings.keepBuilds === undefined ? '' : String(settings.keepBuilds)}
          placeholder="500"
          range={[1, 100_000]}
          onNumber={(keepBuilds) => void change({ keepBuilds: keepBuilds ?? 500 })}
        />
      </SettingRow>
      <SettingRow title="Days to keep them" note="Empty: however old they are.">
        <NumberField
          label="Days to keep builds"
          value={days === 0 ? '' : String(days)}
          placeholder="for ever"
          range={[0, 36_500]}
          onNumber={(keepBuildDays) => void change({ keepBuildDays: keepBuildDays ?? 0 })}
        />
      </SettingRow>
    </Section>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  /** Least and greatest number. */
  readonly range: readonly [number, number];
  /** Null when the field was emptied. */
  onNumber(value: number | null): void;
}

/** A whole number that counts once the field is left or Enter is pressed. */
function NumberField({ label, value, placeholder, range, onNumber }: NumberFieldProps): ReactNode {
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  const save = (): void => {
    if (typed === undefined) return;
    const parsed = parseWhole(typed, range);
    setError(typeof parsed === 'string' ? parsed : undefined);
    if (typeof parsed === 'string') return;
    setTyped(undefined);
    if (typed.trim() !== value) onNumber(parsed);
  };
  return (
    <TextField
      hideLabel
      label={label}
      inputMode="numeric"
      className={styles.number}
      placeholder={placeholder}
      value={typed ?? value}
      error={error}
      onValue={(text) => {
        setTyped(text);
        setError(undefined);
      }}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
      }}
    />
  );
}
