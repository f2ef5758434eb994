import { CloudDownload } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { ProgressBar } from '#renderer/components/progress-bar.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { RegistryErrorMend } from '#renderer/features/registries/registry-error-actions.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { sumSizes } from '#renderer/store/unread-layers.ts';
import type { LayerView } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './panels.module.css';

/** In place of what needs the files of layers that lie at a registry: says what reading them costs, and does so. */
export function ReadLayers(props: {
  readonly layers: readonly LayerView[];
  /** What is shown then: "The files of this layer". */
  readonly what: string;
}): ReactNode {
  const { layers } = props;
  const store = useAppStore();
  const reading = useApp((state) => state.image.reading);
  const { attempt, error, isBusy } = useAttempt();
  const size = formatBytes(sumSizes(layers));
  const read = (): void =>
    void attempt(() => store.getState().image.readLayers(layers.map((layer) => layer.index)));
  if (reading !== null)
    return <ReadingLayers operationId={reading} onEnded={() => void store.getState().image.endReading()} />;
  return (
    <EmptyState
      icon={CloudDownload}
      title={`${props.what} are at the registry`}
      actions={
        <Button tone="primary" disabled={isBusy} onClick={read}>
          Read {formatCount(layers.length, 'layer')}, {size}
        </Button>
      }
    >
      {error === null ? null : <ErrorNotice error={error} actions={<RegistryErrorMend error={error} />} />}
      {layers.length === 1 ? 'The layer is' : 'The layers are'} read once, {size} in all. What is in{' '}
      {layers.length === 1 ? 'it' : 'them'} is remembered; the bytes are not kept.
    </EmptyState>
  );
}

/** How far the reading is, with the way to stop it. */
export function ReadingLayers(props: {
  readonly operationId: string;
  /** It is done or was cancelled, or its failure was read: `isDone` tells which. */
  onEnded(isDone: boolean): void;
}): ReactNode {
  const { operationId, onEnded } = props;
  const store = useAppStore();
  const operation = useApp((state) => state.operations.byId[operationId]?.operation);
  const hasEnded = operation !== undefined && operation.state !== 'running';
  const error = operation?.error ?? null;
  const isDone = operation?.state === 'done';
  // biome-ignore lint/correctness/useExhaustiveDependencies: it ends once, whatever function is given then.
  useEffect(() => {
    if (hasEnded && error === null) onEnded(isDone);
  }, [hasEnded, error]);
  if (error !== null)
    return (
      <ErrorNotice
        centre
        error={error}
        actions={
          <>
            <RegistryErrorMend error={error} />
            <Button small onClick={() => onEnded(false)}>
              Back
            </Button>
          </>
        }
      />
    );
  const progress = operation?.progress ?? null;
  return (
    <div className={styles.reading}>
      <div>Reading the layers…</div>
      <ProgressBar
        label="Reading the layers"
        value={progress === null || progress.total === 0 ? null : progress.done / progress.total}
      />
      <div className={styles.readingFoot}>
        <span>
          {progress === null ? '' : `${formatBytes(progress.done)} of ${formatBytes(progress.total)}`}
        </span>
        <Button small onClick={() => void store.getState().operations.cancel(operationId)}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
