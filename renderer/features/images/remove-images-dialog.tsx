import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import { imageName } from './image-rows.ts';
import styles from './remove-images-dialog.module.css';

const NO_IMAGES: readonly ImageSummary[] = [];
type Failure = { readonly id: string; readonly message: string };

/** Asks before images are removed: names what goes, what it frees, and what stands against it. */
export function RemoveImagesDialog(props: {
  readonly engine: string;
  readonly ids: readonly string[];
  onClose(): void;
}): ReactNode {
  const { engine, ids, onClose } = props;
  const store = useAppStore();
  const list = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const removal = useApp((state) => valueOr(state.images.removal, null));
  // The list shrinks while they go; the words stay.
  const [images] = useState(() => list.filter((image) => ids.includes(image.id)));
  const [force, setForce] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const { attempt, error, isBusy } = useAttempt();
  const why = useMemo(() => new Map(removal?.blocked.map((one) => [one.id, one.why])), [removal]);

  useEffect(() => {
    void store.getState().images.previewRemoval(engine, ids);
  }, [store, engine, ids]);

  const remove = (): void =>
    void attempt(async () => {
      const { route } = store.getState().navigation;
      const failed = await store.getState().images.remove(engine, ids, force);
      setFailures(failed);
      const { toasts, navigation } = store.getState();
      const gone = ids.length - failed.length;
      if (gone > 0) toasts.add({ tone: 'done', title: `${formatCount(gone, 'image')} removed` });
      if (failed.length > 0) return;
      onClose();
      // Not when somebody went on meanwhile.
      if (route.screen === 'image' && navigation.route === route) navigation.go({ screen: 'images' });
    });
  const blockedCount = why.size;
  return (
    <DialogFrame
      title={images.length === 1 ? 'Remove the image' : `Remove ${formatCount(ids.length, 'image')}`}
      size="small"
      onClose={onClose}
      onSubmit={remove}
      note={freesWords(removal?.freesBytes ?? null, blockedCount > 0 && !force)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="danger" disabled={isBusy}>
            Remove
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {failures.length === 0 ? null : <Failures failures={failures} images={images} />}
      <p>
        {images.length === 1 ? 'This image and its tags go' : 'These images and their tags go'} from this
        engine. What is in a registry stays there.
      </p>
      <ul className={styles.items}>
        {images.map((image) => (
          <li key={image.id} className={styles.item}>
            <span className={styles.names}>{image.names.join(', ') || imageName(image)}</span>
            <Bytes value={image.size ?? image.unpackedSize} />
            {why.has(image.id) ? <span className={styles.why}>{why.get(image.id)}</span> : null}
          </li>
        ))}
      </ul>
      {blockedCount === 0 ? null : (
        <Checkbox
          label={blockedCount === 1 ? 'Remove it even so' : `Remove these ${blockedCount} even so`}
          checked={force}
          onChecked={setForce}
        />
      )}
    </DialogFrame>
  );
}

function freesWords(bytes: number | null, isPartial: boolean): string | undefined {
  if (bytes === null) return undefined;
  return `Frees ${isPartial ? 'up to ' : ''}${formatBytes(bytes)}`;
}

function Failures(props: {
  readonly failures: readonly Failure[];
  readonly images: readonly ImageSummary[];
}): ReactNode {
  return (
    <Notice tone="bad" title={`${formatCount(props.failures.length, 'image')} could not be removed`}>
      {props.failures.map(({ id, message }) => {
        const image = props.images.find((one) => one.id === id);
        return (
          <div key={id}>
            {image === undefined ? id : imageName(image)}: {message}
          </div>
        );
      })}
    </Notice>
  );
}
