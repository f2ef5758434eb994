import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { EngineStatus } from '#shared/contract/engines.ts';
import styles from './build-options.module.css';

const NO_ENGINES: readonly EngineStatus[] = [];

interface EngineFieldProps {
  readonly value: string;
  onValue(engine: string): void;
}

/** The engine that builds; one that is away can be seen but not chosen. */
export function EngineField({ value, onValue }: EngineFieldProps): ReactNode {
  const all = useApp((state) => valueOr(state.engines.list, NO_ENGINES));
  const engines = all.filter((engine) => engine.can.build || engine.state !== 'ready' || engine.id === value);
  return (
    <fieldset className={styles.group}>
      <legend>Engine</legend>
      <RadioGroup
        aria-label="Engine"
        className={styles.engines}
        value={value}
        onValueChange={(next) => onValue(String(next))}
      >
        {engines.map((engine) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
          <label key={engine.id} className={styles.engine}>
            <Radio.Root
              value={engine.id}
              className={styles.radio}
              disabled={engine.state !== 'ready' && engine.id !== value}
            >
              <Radio.Indicator className={styles.dot} />
            </Radio.Root>
            {engine.name}
            {engine.state !== 'ready' && <span className={styles.origin}>not there</span>}
          </label>
        ))}
      </RadioGroup>
    </fieldset>
  );
}
