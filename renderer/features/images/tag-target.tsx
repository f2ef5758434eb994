import type { ReactNode } from 'react';
import { Notice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { NameTarget } from '#renderer/store/tags-slice.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './tag-dialog.module.css';

/** Where the typed name points now, before it is touched. */
export function TargetWords(props: {
  readonly target: Remote<NameTarget>;
  readonly image: DialogImage;
}): ReactNode {
  const { target, image } = props;
  const other = useApp((state) => {
    const id = target.status === 'ready' ? target.value.id : null;
    return id === null || state.images.list.status !== 'ready'
      ? undefined
      : state.images.list.value.find((one) => one.id === id);
  });
  if (target.status === 'failed')
    return (
      <div className={`${styles.below} ${text.bad}`} role="status">
        {target.error.message}
      </div>
    );
  if (target.status !== 'ready') return <div className={styles.below} />;
  const { name, id } = target.value;
  if (id === null)
    return (
      <div className={styles.below} role="status">
        <span className={text.mono}>{name}</span> is free.
      </div>
    );
  if (id === image.id)
    return (
      <div className={styles.below} role="status">
        The image has this tag already.
      </div>
    );
  return (
    <div className={styles.below}>
      <Notice tone="warn" title={`${name} points to another image`}>
        It would leave <OtherImage image={other} id={id} name={name} /> and point to this one.
        {other?.names.length === 1 ? ' That image would be left without a name.' : ''}
      </Notice>
    </div>
  );
}

/** An image by what tells it from others: by another name it has, else by its digest and age, never by the tag itself. */
function OtherImage(props: {
  readonly image: ImageSummary | undefined;
  readonly id: string;
  readonly name: string;
}): ReactNode {
  const { image, id } = props;
  const another = image?.names.find((other) => other !== props.name);
  return (
    <>
      {another === undefined ? 'the image ' : <b>{another} </b>}
      <span className={text.mono} title={id}>
        {another === undefined ? shortenDigest(id) : `(${shortenDigest(id)})`}
      </span>
      {image?.createdAt == null ? null : (
        <>
          , built <Age at={image.createdAt} ago />
          {','}
        </>
      )}
    </>
  );
}

/** Whether the typed name cannot be given: it is no name, or the image has it already. */
export function isTaken(target: Remote<NameTarget>, image: DialogImage): boolean {
  return target.status === 'failed' || (target.status === 'ready' && target.value.id === image.id);
}
