import { Save } from 'lucide-react';
import { useEffect } from 'react';
import { saveDownload } from '#renderer/commands/save-download.ts';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { LogView } from '#renderer/components/log/log-view.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { logKey } from '#renderer/store/records-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { BuildFacts } from './build-facts.ts';
import styles from './build-panes.module.css';
import { joinLog, lacksBeginning } from './joined-log.ts';
import type { StepState, StepView } from './source/step-state.ts';

interface StepLogPaneProps {
  readonly build: BuildFacts | null;
  readonly step: StepView | null;
}

/** The log of the selected step, followed while it runs. */
export function StepLogPane({ build, step }: StepLogPaneProps) {
  if (build === null || step === null || step.index === null)
    return (
      <div className={styles.pane}>
        <p className={styles.heading}>
          {step === null
            ? 'There is no step to show a log of.'
            : 'This is a prediction: the log of a step appears here when you build.'}
        </p>
      </div>
    );
  return <RecordedLog key={logKey(build.id, step.index)} build={build} step={step} index={step.index} />;
}

interface RecordedLogProps {
  readonly build: BuildFacts;
  readonly step: StepView;
  readonly index: number;
}

function RecordedLog({ build, step, index }: RecordedLogProps) {
  const store = useAppStore();
  const asked = useApp((state) => state.records.logs[logKey(build.id, index)]);
  const live = useApp((state) =>
    build.operationId === null ? undefined : state.operations.byId[build.operationId]?.logs[index],
  );
  const loadLog = useApp((state) => state.records.loadLog);
  const text = joinLog(asked?.text ?? '', live);
  const isOver = step.state !== 'running' && step.state !== 'waiting';
  const hasGap = lacksBeginning(asked?.text ?? '', live);

  // The end of the step, and then the end of the build, may each bring the last of the log.
  const progress = `${step.state} ${build.state}`;
  useEffect(() => {
    if (!progress.startsWith('waiting')) void loadLog(build.id, index);
  }, [loadLog, build.id, index, progress]);
  useEffect(() => {
    if (hasGap) void loadLog(build.id, index);
  }, [loadLog, build.id, index, hasGap]);

  if (asked?.state === 'failed' && asked.error !== null && text === '')
    return (
      <div className={styles.pane}>
        <ErrorNotice
          error={asked.error}
          actions={
            <Button small onClick={() => void loadLog(build.id, index)}>
              Try again
            </Button>
          }
        />
      </div>
    );
  return (
    <LogView
      isMain
      startsAtEnd={step.state === 'failed'}
      text={text}
      isLive={!isOver}
      label={`Log of line ${step.line}, ${step.instruction}`}
      actions={
        <IconButton
          small
          label="Save the whole log"
          onClick={() =>
            void saveDownload(store, 'Log saved', () => store.getState().records.saveLog(build.id, index))
          }
        >
          <Save aria-hidden />
        </IconButton>
      }
      empty={asked?.state === 'loading' ? 'Loading the log…' : EMPTY_WORDS[step.state]}
      title={
        <span className={styles.stepTitle} title={step.instruction}>
          {step.instruction}
        </span>
      }
    />
  );
}

const EMPTY_WORDS: Readonly<Record<StepState, string>> = {
  idle: '',
  'will-hit': '',
  'will-miss': '',
  'will-build': '',
  'will-fail': '',
  unknown: '',
  unused: 'This step is not needed for the target.',
  skipped: 'This step did not run: the build ended before.',
  waiting: 'This step waits for its turn.',
  running: 'It runs. Nothing has been written yet.',
  hit: 'Taken from the cache: nothing ran, so there is nothing to read.',
  miss: 'This step wrote nothing.',
  built: 'This step wrote nothing.',
  failed: 'This step failed without writing anything.',
  cancelled: 'This step was cancelled before it wrote anything.',
};
