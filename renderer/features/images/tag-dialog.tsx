import { Tag, X } from 'lucide-react';
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { ChipButton } from '#renderer/components/chip.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { imageById } from '#renderer/store/current-image.ts';
import { type Remote, valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { NameTarget } from '#renderer/store/tags-slice.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { splitName } from './image-rows.ts';
import { suggestTags } from './suggest-tags.ts';
import styles from './tag-dialog.module.css';

const NO_NAMES: readonly string[] = [];
const NO_IMAGES: readonly ImageSummary[] = [];

/** All tags of an image in one place: add, move here, remove, each with a way back. */
export function TagDialog(props: { readonly image: DialogImage; onClose(): void }): ReactNode {
  const { image, onClose } = props;
  const store = useAppStore();
  const names = useApp((state) => imageById(state, image.id)?.names ?? NO_NAMES);
  const images = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const target = useApp((state) => state.tags.target);
  const [first] = names;
  const start = first === undefined ? '' : `${splitName(first).repository}:`;
  const [name, setName] = useState(start);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { attempt, error, isBusy } = useAttempt();
  const { type, add, remove } = store.getState().tags;

  const change = (next: string): void => {
    setName(next);
    type(image.engine, next.endsWith(':') ? '' : next);
  };
  const submit = (): void =>
    void attempt(async () => {
      await add(image, name);
      change(start);
      field.current?.focus();
    });
  const suggestions = useMemo(() => suggestTags(images, name), [images, name]);
  const isMove = target.status === 'ready' && target.value.id !== null && target.value.id !== image.id;
  return (
    <DialogFrame
      title="Tags"
      onClose={onClose}
      onSubmit={submit}
      note="A tag is a name that can move; the digest stays."
      actions={<Button onClick={onClose}>Done</Button>}
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {names.length === 0 ? (
        <p className={text.dim}>The image has no tag yet.</p>
      ) : (
        <ul className={styles.tags} aria-label="Tags of the image">
          {names.map((tag) => (
            <li key={tag} className={styles.tag}>
              <Tag aria-hidden />
              <span className={styles.name}>{tag}</span>
              <IconButton
                small
                label={`Remove ${tag}`}
                onClick={() => void attempt(() => remove(image.engine, tag))}
              >
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.add}>
        <TextField
          ref={field}
          label="New tag"
          mono
          autoFocus
          value={name}
          placeholder="acme/web:1.5.0"
          onValue={change}
        />
        <Button
          type="submit"
          tone="primary"
          disabled={isBusy || name.trim() === '' || name.endsWith(':') || isTaken(target, image)}
        >
          {isMove ? 'Move here' : 'Add'}
        </Button>
        <TargetWords target={target} image={image} />
      </div>
      {suggestions.length === 0 ? null : (
        <div className={styles.next}>
          <span className={text.faint} id={`${id}-next`}>
            Next version
          </span>
          <ul aria-labelledby={`${id}-next`}>
            {suggestions.map((suggestion) => (
              <li key={suggestion}>
                <ChipButton
                  onClick={() => {
                    change(suggestion);
                    field.current?.focus();
                  }}
                >
                  {splitName(suggestion).tag}
                </ChipButton>
              </li>
            ))}
          </ul>
        </div>
      )}
    </DialogFrame>
  );
}

/** Where the typed name points now, before it is touched. */
function TargetWords(props: { readonly target: Remote<NameTarget>; readonly image: DialogImage }): ReactNode {
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

function isTaken(target: Remote<NameTarget>, image: DialogImage): boolean {
  return target.status === 'failed' || (target.status === 'ready' && target.value.id === image.id);
}
