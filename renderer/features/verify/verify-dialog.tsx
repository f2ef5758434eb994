import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { Duration } from '#renderer/components/quantity.tsx';
import { STATE_WORDS, viewOfBuilt } from '#renderer/features/builds/source/step-state.ts';
import { FailureActions } from '#renderer/features/transfer/failure-actions.tsx';
import type { OperationView } from '#renderer/store/operation-events.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import styles from './verify.module.css';
import { VerifyOutcome } from './verify-outcome.tsx';

/** Lines of a failed step's log that are shown. */
const LAST_LINES = 12;

/** Two builds of the same input while they go on, and what they came to. */
export function VerifyDialog(props: { readonly view: OperationView; onClose(): void }): ReactNode {
  const { view, onClose } = props;
  const { operation } = view;
  const store = useAppStore();
  const isRunning = operation.state === 'running';
  const { result } = operation;
  return (
    <DialogFrame
      title={operation.title}
      size="wide"
      onClose={onClose}
      note={isRunning ? 'Nothing of these builds is kept.' : undefined}
      actions={
        isRunning ? (
          <>
            <Button onClick={() => void store.getState().operations.cancel(operation.id)}>Cancel</Button>
            <Button tone="primary" onClick={onClose}>
              Run in background
            </Button>
          </>
        ) : (
          <FailureActions operation={operation} onClose={onClose} />
        )
      }
    >
      {isRunning && <Progress view={view} />}
      {operation.error !== null && operation.state === 'failed' && <ErrorNotice error={operation.error} />}
      {operation.state === 'cancelled' && <Notice title="Cancelled">Nothing was left behind.</Notice>}
      {operation.state === 'failed' && <FailedLog view={view} />}
      {result?.kind === 'verify' ? (
        <VerifyOutcome report={result.report} operationId={operation.id} />
      ) : (
        <Steps view={view} />
      )}
    </DialogFrame>
  );
}

function Progress({ view: { operation } }: { readonly view: OperationView }): ReactNode {
  const { progress } = operation;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  const build = share === null || share < 0.5 ? 'first' : 'second';
  return (
    <div className={styles.progress}>
      <span role="status">Building for the {build} time</span>
      <ProgressBar label={operation.title} value={share} />
    </div>
  );
}

/** The steps of the build that runs, or that failed. */
function Steps({ view: { steps } }: { readonly view: OperationView }): ReactNode {
  if (steps.length === 0) return null;
  return (
    <ol className={styles.steps} aria-label="Steps">
      {[...steps]
        .sort((a, b) => a.index - b.index)
        .map((step) => {
          const { sign, word } = STATE_WORDS[viewOfBuilt(step).state];
          return (
            <li key={step.index} className={styles.step}>
              <code className={text.ellipsis} title={step.instruction}>
                {step.instruction}
              </code>
              <span className={classNames(step.status === 'failed' ? text.bad : text.dim)}>
                <span aria-hidden>{sign}</span> {word}
              </span>
              <span className={text.dim}>{step.ms > 0 && <Duration ms={step.ms} />}</span>
            </li>
          );
        })}
    </ol>
  );
}

function FailedLog({ view: { steps, logs } }: { readonly view: OperationView }): ReactNode {
  const failed = steps.find(({ status }) => status === 'failed');
  const log = failed === undefined ? '' : (logs[failed.index]?.text ?? '');
  const lines = log.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  return lines === '' ? null : <pre className={styles.log}>{lines}</pre>;
}
