import type { ReactNode } from 'react';
import { ChipButton } from '#renderer/components/chip.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import styles from './build-options.module.css';
import { hasPlatform, togglePlatform } from './platform-words.ts';

/** What most images are made for. */
const COMMON = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'];

interface PlatformFieldProps {
  /** With commas between several. */
  readonly value: string;
  readonly error?: string | undefined;
  onValue(value: string): void;
}

/** The platforms to build for: chosen from the common ones, or written. */
export function PlatformField({ value, error, onValue }: PlatformFieldProps): ReactNode {
  return (
    <div className={styles.platforms}>
      <TextField
        label="Platforms"
        mono
        placeholder="as this machine"
        value={value}
        onValue={onValue}
        note="Several give one image for all of them (an index)."
        error={error}
      />
      <fieldset className={styles.common} aria-label="Common platforms">
        {COMMON.map((platform) => (
          <ChipButton
            key={platform}
            aria-pressed={hasPlatform(value, platform)}
            onClick={() => onValue(togglePlatform(value, platform))}
          >
            {platform}
          </ChipButton>
        ))}
      </fieldset>
    </div>
  );
}
