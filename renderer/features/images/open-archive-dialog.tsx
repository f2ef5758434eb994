import { type ReactNode, useEffect } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { ARCHIVE_ENGINE, archiveDigest } from '#renderer/store/archive-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatCount } from '#shared/format/count.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import styles from './open-archive-dialog.module.css';

/** The images in an archive: each can be looked at where it is, or all be loaded into the store. */
export function OpenArchiveDialog(props: { readonly path: string; onClose(): void }): ReactNode {
  const { path, onClose } = props;
  const store = useAppStore();
  const contents = useApp((state) => state.archive.contents);
  const { attempt, error, isBusy } = useAttempt();
  const { archive, transfers } = store.getState();
  useEffect(() => {
    void store.getState().archive.look(path);
  }, [store, path]);
  const canLoad = contents.status === 'ready';
  const look = (image: ImageSummary): void => {
    onClose();
    store.getState().navigation.go({ screen: 'image', engine: ARCHIVE_ENGINE, ref: image.id });
  };
  return (
    <DialogFrame
      title={path.split(/[/\\]/).at(-1) ?? path}
      onClose={onClose}
      note={<span className={text.mono}>{path}</span>}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={isBusy || !canLoad} onClick={() => void attempt(() => transfers.load(path))}>
            {contents.status === 'ready' && contents.value.images.length > 1
              ? 'Load all'
              : 'Load into Strata'}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <RemoteView remote={contents} what="what the archive holds" onRetry={() => void archive.look(path)}>
        {({ images }) => (
          <>
            <p className={text.dim}>{formatCount(images.length, 'image')}. Looking inside loads nothing.</p>
            <ul className={styles.images}>
              {images.map((image) => (
                <ArchivedImage key={image.id} image={image} onLook={() => look(image)} />
              ))}
            </ul>
          </>
        )}
      </RemoteView>
    </DialogFrame>
  );
}

function ArchivedImage(props: { readonly image: ImageSummary; onLook(): void }): ReactNode {
  const { image } = props;
  const [first, ...others] = image.names;
  const name = first ?? `untagged ${shortenDigest(archiveDigest(image.id))}`;
  return (
    <li className={styles.image}>
      <span className={styles.name} title={image.names.join('\n') || archiveDigest(image.id)}>
        <b>{name}</b>
        {others.length === 0 ? null : <span className={text.faint}> and {others.length} more</span>}
      </span>
      <span className={text.dim}>{image.platform === null ? '' : formatPlatform(image.platform)}</span>
      <span className={styles.number}>{formatCount(image.layers.length, 'layer')}</span>
      <span className={styles.number}>
        <Bytes value={image.size} />
      </span>
      <span className={styles.number}>
        <Age at={image.createdAt} ago />
      </span>
      <Button small tone="primary" aria-label={`Look inside ${name}`} onClick={props.onLook}>
        Look inside
      </Button>
    </li>
  );
}
