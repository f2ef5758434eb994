import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { ChipButton } from '#renderer/components/chip.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TaggedName } from '#renderer/components/tagged-name.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { splitName } from '#renderer/features/images/image-rows.ts';
import { ImmutableSwitch } from '#renderer/features/tags/immutable-switch.tsx';
import { imageById } from '#renderer/store/current-image.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { PushCheck } from '#shared/contract/registries.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { PushLayers } from './push-layers.tsx';
import { pushTargets } from './push-target.ts';
import { ReferenceField } from './reference-field.tsx';
import { RemoteTag } from './remote-tag.tsx';
import styles from './transfer.module.css';
import { useTagMove } from './use-tag-move.ts';

const NO_NAMES: readonly string[] = [];

/** Asks where an image goes, and shows what the tag names there before a byte is sent. */
export function PushDialog(props: {
  readonly image: DialogImage;
  readonly target: string;
  onClose(): void;
}): ReactNode {
  const { image, onClose } = props;
  const store = useAppStore();
  const { target, check } = useApp((state) => state.pushCheck);
  const known = useApp((state) => imageById(state, image.id)?.names ?? NO_NAMES);
  const names = useMemo(() => pushTargets(known), [known]);
  const tag = useTagMove(check);
  const [withReferrers, setWithReferrers] = useState(false);
  const { attempt, error, isBusy } = useAttempt();

  useEffect(() => {
    const { ask, type } = store.getState().pushCheck;
    if (props.target === '') type(image, '');
    else void ask(image, props.target);
  }, [store, image, props.target]);

  const isReady = tag.isAllowed && !isBusy;
  const change = (next: string): void => {
    tag.forget();
    store.getState().pushCheck.type(image, next);
  };
  const choose = (name: string): void => {
    tag.forget();
    void store.getState().pushCheck.ask(image, name);
  };
  const push = (): void => {
    if (!isReady) return;
    const choice = { ...tag.moving, ...(withReferrers ? { withReferrers } : {}) };
    void attempt(() => store.getState().transfers.push(image, target.trim(), choice));
  };
  return (
    <DialogFrame
      title={`Push ${image.name}`}
      onClose={onClose}
      onSubmit={push}
      note={check.status === 'ready' ? `${formatBytes(check.value.totalBytes)} in all` : undefined}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={!isReady}>
            {tag.isMove ? 'Move the tag and push' : 'Push'}
          </Button>
        </>
      }
    >
      <ReferenceField
        label="Where to"
        value={target}
        placeholder="registry.example.com/team/app:1.0"
        isWrong={check.status === 'failed'}
        note={
          <TargetNote
            check={check}
            isEmpty={target.trim() === ''}
            next={{ kind: 'push-image', image, target }}
          />
        }
        onValue={change}
      />
      {names.length < 2 ? null : (
        <ul className={styles.names} aria-label="Names of the image">
          {names.map((name) => (
            <li key={name}>
              <ChipButton aria-pressed={name === target} title={name} onClick={() => choose(name)}>
                <TaggedName {...splitName(name)} />
              </ChipButton>
            </li>
          ))}
        </ul>
      )}
      {error === null ? null : <ErrorNotice error={error} />}
      {check.status === 'ready' ? (
        <>
          <RemoteTag
            check={check.value}
            move={tag}
            onVersion={(version) => choose(withTag(target, check.value, version))}
          />
          {names.length < 2 ? null : (
            <Checkbox
              label="Bring signatures, SBOMs and attestations along from its other places"
              checked={withReferrers}
              onChecked={setWithReferrers}
            />
          )}
          <PushLayers layers={check.value.layers} baseName={check.value.baseName} />
        </>
      ) : null}
    </DialogFrame>
  );
}

function TargetNote(props: {
  readonly check: Remote<PushCheck>;
  readonly isEmpty: boolean;
  readonly next: { readonly kind: 'push-image'; readonly image: DialogImage; readonly target: string };
}): ReactNode {
  const { check } = props;
  const store = useAppStore();
  if (check.status === 'failed')
    return (
      <div className={`${styles.line} ${styles.wrong}`} role="alert">
        {check.error.message} {check.error.hint}
      </div>
    );
  if (props.isEmpty) return <div className={styles.line}>registry / repository : tag</div>;
  if (check.status !== 'ready')
    return (
      <div className={styles.line} role="status">
        Asking what is there…
      </div>
    );
  const { host, repository, username, credentialSource, insecure } = check.value;
  return (
    <div className={styles.line}>
      <span>
        to <b>{host}</b>
      </span>
      {insecure ? <span>· without encryption</span> : null}
      {username === null ? (
        <>
          <span>· not signed in</span>
          <Button
            tone="link"
            onClick={() => store.getState().dialogs.show({ kind: 'sign-in', host, next: props.next })}
          >
            Sign in…
          </Button>
        </>
      ) : (
        <span>
          · signed in as <b>{username}</b>
          {credentialSource === null ? '' : ` through the ${credentialSource}`}
        </span>
      )}
      <ImmutableSwitch repository={`${host}/${repository}`} />
    </div>
  );
}

/** The target with another tag. */
function withTag(target: string, check: PushCheck, version: string): string {
  return target.endsWith(`:${check.tag}`)
    ? `${target.slice(0, target.length - check.tag.length)}${version}`
    : `${target}:${version}`;
}
