import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { imageById } from '#renderer/store/current-image.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import { repositoryOf } from './image-rows.ts';
import styles from './tag-dialog.module.css';
import { TagList } from './tag-list.tsx';
import { TagSuggestions } from './tag-suggestions.tsx';
import { isTaken, TargetWords } from './tag-target.tsx';

const NO_NAMES: readonly string[] = [];

/** All tags of an image in one place: add, move here, remove, each with a way back. */
export function TagDialog(props: { readonly image: DialogImage; onClose(): void }): ReactNode {
  const { image, onClose } = props;
  const store = useAppStore();
  const names = useApp((state) => imageById(state, image.id)?.names ?? NO_NAMES);
  const { target, changes } = useApp((state) => state.tags);
  const repository = repositoryOf({ names });
  const start = repository === null ? '' : `${repository}:`;
  const [name, setName] = useState(start);
  const [isTyped, setTyped] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { attempt, error } = useAttempt({ several: true });
  const { type, add, remove, undo } = store.getState().tags;
  useEffect(() => store.getState().tags.open(image), [store, image]);

  const change = (next: string): void => {
    setName(next);
    setTyped(next !== start);
    type(image.engine, next.endsWith(':') ? '' : next);
  };
  const submit = (): void => {
    const wanted = name;
    // At once, so that the next one can be typed while this is under way.
    change(start);
    field.current?.focus();
    void attempt(async () => {
      try {
        await add(image, wanted);
      } catch (refusal) {
        // To be mended, unless another is being typed by now.
        if (field.current?.value === start) change(wanted);
        throw refusal;
      }
    });
  };
  const last = changes.at(-1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    // What is being typed has an undo of its own.
    if (!isUndo || isTyped) return;
    event.preventDefault();
    void attempt(undo);
  };
  const isMove = target.status === 'ready' && target.value.id !== null && target.value.id !== image.id;
  return (
    <DialogFrame
      title="Tags"
      onClose={onClose}
      onSubmit={submit}
      note={
        last === undefined ? (
          'A tag is a name that can move; the digest stays.'
        ) : (
          <Undo title={last.title} onUndo={() => void attempt(undo)} />
        )
      }
      actions={<Button onClick={onClose}>Done</Button>}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only the undo shortcut is heard here. */}
      <div className={styles.body} onKeyDown={onKeyDown}>
        {error === null ? null : <ErrorNotice error={error} />}
        {names.length === 0 ? (
          <p className={text.dim}>The image has no tag yet.</p>
        ) : (
          <TagList
            image={image}
            names={names}
            onRemove={(tag) => {
              // Its button will be gone, and the focus with it.
              field.current?.focus();
              void attempt(() => remove(image.engine, tag));
            }}
          />
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
            disabled={name.trim() === '' || name.endsWith(':') || isTaken(target, image)}
          >
            {isMove ? 'Move here' : 'Add'}
          </Button>
          <TargetWords target={target} image={image} />
        </div>
        <TagSuggestions
          typed={name}
          onChoose={(suggestion) => {
            change(suggestion);
            field.current?.focus();
          }}
        />
      </div>
    </DialogFrame>
  );
}

/** The last change with its way back, within reach of the keyboard while the dialog is open. */
function Undo(props: { readonly title: string; onUndo(): void }): ReactNode {
  return (
    <span className={styles.undo}>
      <span className={text.ellipsis} title={props.title} role="status">
        {props.title}
      </span>
      <Button tone="link" aria-keyshortcuts="Control+Z" onClick={props.onUndo}>
        Undo
      </Button>
    </span>
  );
}
