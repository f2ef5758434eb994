import type { ReactNode } from 'react';
import { Select } from '#renderer/components/select.tsx';
import styles from './build-panes.module.css';
import { nameOf, STATE_WORDS, type StepView } from './source/step-state.ts';

interface SameLineStepsProps {
  /** The steps of one line, in order. */
  readonly steps: readonly StepView[];
  readonly chosen: StepView | null;
  onChoose(at: number): void;
}

/** Which of the steps of a line is shown: of a platform, or of the triggers that a base image brings. */
export function SameLineSteps({ steps, chosen, onChoose }: SameLineStepsProps): ReactNode {
  if (steps.length < 2 || chosen === null) return null;
  const options = steps.map((step, at) => ({
    value: String(at),
    label: `${nameOf(step, steps)} · ${STATE_WORDS[step.state].word}`,
  }));
  return (
    <div className={styles.sameLine}>
      <Select
        label="Step of this line"
        hideLabel
        value={String(steps.indexOf(chosen))}
        options={options}
        onValue={(at) => onChoose(Number(at))}
      />
    </div>
  );
}
