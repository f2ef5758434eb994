import { Bytes, Duration } from '#renderer/components/quantity.tsx';
import text from '#renderer/styles/text.module.css';
import styles from './build-panes.module.css';
import { ReasonList } from './source/reason-list.tsx';
import {
  reasonsToTell,
  type StepState,
  type StepView,
  spokenState,
  stageWords,
} from './source/step-state.ts';

interface ReasonsPaneProps {
  readonly step: StepView | null;
  readonly steps: readonly StepView[];
  /** Something in the text is wrong, so that there can be no steps. */
  readonly hasError: boolean;
}

/** Everything that is known of the selected step: how it stands and, at full length, why. */
export function ReasonsPane({ step, steps, hasError }: ReasonsPaneProps) {
  if (step === null)
    return (
      <p className={styles.pane}>
        {hasError
          ? 'With this error nothing can be predicted.'
          : 'There is no prediction: it has not come yet, or this engine makes none.'}
      </p>
    );
  const words = WORDS[step.state];
  const reasons = reasonsToTell(step);
  return (
    <div className={styles.pane}>
      <code>{step.instruction}</code>
      <dl className={styles.facts}>
        <dt>State</dt>
        <dd>{spokenState(step.state)}</dd>
        {steps.some((other) => other.stage !== step.stage) && (
          <>
            <dt>Stage</dt>
            <dd>{stageWords(step.stage)}</dd>
          </>
        )}
        {step.platform !== null && (
          <>
            <dt>Platform</dt>
            <dd>{step.platform}</dd>
          </>
        )}
        {step.ms !== null && (
          <>
            <dt>Time</dt>
            <dd>
              <Duration ms={step.ms} />
            </dd>
          </>
        )}
        {step.size !== null && (
          <>
            <dt>Layer</dt>
            <dd>
              <Bytes value={step.size} /> compressed
            </dd>
          </>
        )}
        {step.exitCode !== null && (
          <>
            <dt>Exit code</dt>
            <dd>{step.exitCode}</dd>
          </>
        )}
      </dl>
      {words !== undefined && <p>{words}</p>}
      {step.error !== undefined && (
        <p>
          <strong>{step.error.message}</strong> {step.error.hint}
        </p>
      )}
      {step.uncounted.length > 0 && (
        <p className={text.dim}>
          Does not count for the cache: {step.uncounted.join(', ')}. When only that changes, the step is not
          built again.
        </p>
      )}
      {reasons.length > 0 && <ReasonList reasons={reasons} />}
    </div>
  );
}

const WORDS: Readonly<Partial<Record<StepState, string>>> = {
  'will-hit': 'It will be taken from the cache: nothing that it depends on has changed.',
  hit: 'It was taken from the cache: nothing that it depends on had changed.',
  'will-fail': 'It will fail: what is known already makes it impossible.',
  unknown: 'Whether it is cached shows only when the steps before it have run, or this engine cannot tell.',
  failed: 'It ran and failed; the end of its log says why. Nothing of it is kept.',
  cancelled: 'It was cancelled while it ran. Nothing of it is kept.',
  skipped: 'It did not run: the build ended before.',
  waiting: 'It waits for the steps it depends on.',
};
