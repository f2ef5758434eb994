import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import { formatCount } from '#shared/format/count.ts';
import { exchangeEngines } from './exchange-engines.ts';
import { ReferenceField } from './reference-field.tsx';
import styles from './transfer.module.css';

/** Asks to which engine images of the store go, and under which name where it is one. */
export function SendDialog(props: {
  readonly images: readonly DialogImage[];
  readonly to: string | undefined;
  onClose(): void;
}): ReactNode {
  const store = useAppStore();
  const ready = exchangeEngines({ list: useApp((state) => state.engines.list) });
  const [chosen, setChosen] = useState(props.to);
  const to = ready.find(({ id }) => id === chosen) ?? ready[0];
  const { send, sendAll } = store.getState().transfers;
  return (
    <ExchangeDialog
      {...props}
      title={(what) => `Send ${what} to ${to?.name ?? 'another engine'}`}
      verb="Send"
      nameLabel={`Name in ${to?.name ?? 'the engine'}`}
      words={
        props.images.length === 1
          ? 'The image goes there as it is, with the same image ID. The copy in Strata stays.'
          : 'The images go there as they are, with the same names and image IDs. The copies in Strata stay.'
      }
      isPossible={to !== undefined}
      begin={async (image, name) => {
        if (to !== undefined) await send(image, to.id, name);
      }}
      beginAll={async () => {
        if (to !== undefined) await sendAll(props.images, to.id);
      }}
    >
      {to === undefined ? (
        <Notice tone="warn" title="Neither Docker nor Podman answers">
          Start one of them, or set its address in Settings.
        </Notice>
      ) : null}
      {ready.length > 1 && to !== undefined ? (
        <Segmented
          label="Engine"
          value={to.id}
          options={ready.map(({ id, name }) => ({ value: id, label: name }))}
          onValue={setChosen}
        />
      ) : null}
    </ExchangeDialog>
  );
}

/** Asks under which name an image of another engine comes into the store. */
export function TakeDialog(props: {
  readonly images: readonly DialogImage[];
  /** What was wanted and cannot be done before. */
  readonly why: string | undefined;
  onClose(): void;
}): ReactNode {
  const { take, takeAll } = useAppStore().getState().transfers;
  const id = props.images[0]?.engine ?? '';
  const engine = useApp((state) => engineById(state.engines, id)?.name ?? id);
  return (
    <ExchangeDialog
      {...props}
      title={(what) => `Take ${what} into Strata`}
      verb="Take"
      nameLabel="Name in Strata"
      words={
        props.images.length === 1
          ? `The image keeps its image ID, and its files can be looked at here. The copy in ${engine} stays.`
          : `The images keep their names and image IDs, and their files can be looked at here. The copies in ${engine} stay.`
      }
      isPossible
      begin={take}
      beginAll={() => takeAll(props.images)}
    >
      {props.why === undefined ? null : <Notice>{props.why}</Notice>}
    </ExchangeDialog>
  );
}

function ExchangeDialog(props: {
  readonly images: readonly DialogImage[];
  title(what: string): string;
  readonly verb: string;
  readonly nameLabel: string;
  readonly words: string;
  readonly isPossible: boolean;
  begin(image: DialogImage, name: string): Promise<void>;
  beginAll(): Promise<void>;
  readonly children?: ReactNode;
  onClose(): void;
}): ReactNode {
  const { images, onClose } = props;
  const [only] = images;
  const isOne = images.length === 1;
  const [name, setName] = useState(only !== undefined && only.ref !== only.id ? only.ref : '');
  const { attempt, error, isBusy } = useAttempt();
  const submit = async (): Promise<void> => {
    if (isOne && only !== undefined) return props.begin(only, name.trim());
    await props.beginAll();
    onClose();
  };
  return (
    <DialogFrame
      title={props.title(isOne ? (only?.name ?? '') : formatCount(images.length, 'image'))}
      onClose={onClose}
      onSubmit={() => {
        if (props.isPossible) void attempt(submit);
      }}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy || !props.isPossible}>
            {isOne ? props.verb : `${props.verb} all`}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {props.children}
      {isOne ? (
        <ReferenceField
          label={props.nameLabel}
          value={name}
          placeholder="acme/web:1.0"
          isWrong={error?.code === 'invalid-input'}
          note={
            <div className={styles.line}>
              {name.trim() === '' ? 'Without a name it has its ID only.' : ''}
            </div>
          }
          onValue={setName}
        />
      ) : (
        <ul className={styles.list}>
          {images.map((image) => (
            <li key={image.id} className={text.mono}>
              {image.name}
            </li>
          ))}
        </ul>
      )}
      <p className={text.dim}>{props.words}</p>
    </DialogFrame>
  );
}
