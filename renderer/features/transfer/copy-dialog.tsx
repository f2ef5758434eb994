import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Select } from '#renderer/components/select.tsx';
import type { Dialog } from '#renderer/dialogs/dialog.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { platformName } from '#renderer/features/registries/platform-name.ts';
import { RegistryErrorMend } from '#renderer/features/registries/registry-error-actions.tsx';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageDetail } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import { PushLayers } from './push-layers.tsx';
import { ReferenceField } from './reference-field.tsx';
import { RemoteTag } from './remote-tag.tsx';
import { splitReference } from './split-reference.ts';
import styles from './transfer.module.css';
import { useTagMove } from './use-tag-move.ts';

/** Asks what is copied where; nothing of it comes to this machine's images. */
export function CopyDialog(props: {
  readonly from: string;
  readonly to: string;
  onClose(): void;
}): ReactNode {
  const { onClose } = props;
  const store = useAppStore();
  const { from, to, platform, source, check } = useApp((state) => state.copyCheck);
  const [withReferrers, setWithReferrers] = useState(true);
  const tag = useTagMove(check);
  const { attempt, error, isBusy } = useAttempt();
  useEffect(() => {
    store.getState().copyCheck.begin({ from: props.from, to: props.to, platform: '' });
  }, [store, props.from, props.to]);

  const change = (places: Partial<{ from: string; to: string; platform: string }>): void => {
    tag.forget();
    store.getState().copyCheck.change(places);
  };
  const isReady = tag.isAllowed && !isBusy;
  const copy = (): void => {
    if (!isReady) return;
    const request = { from: from.trim(), to: to.trim(), platform, withReferrers };
    void attempt(() => store.getState().transfers.copy(request, tag.moving));
  };
  const next: Dialog = { kind: 'copy-image', from, to };
  return (
    <DialogFrame
      title="Copy between registries"
      onClose={onClose}
      onSubmit={copy}
      note={noteOf(source)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={!isReady}>
            {tag.isMove ? 'Move the tag and copy' : 'Copy'}
          </Button>
        </>
      }
    >
      <ReferenceField
        label="From"
        value={from}
        placeholder="registry.example.com/team/app:1.0"
        isWrong={source.status === 'failed'}
        note={<PlaceNote remote={source} text={from} words={sourceWords} next={next} />}
        onValue={(value) => change({ from: value })}
      />
      <ReferenceField
        label="To"
        value={to}
        placeholder="other.example.com/team/app:1.0"
        isWrong={check.status === 'failed'}
        note={
          <PlaceNote
            remote={check}
            text={to}
            words={(value) =>
              `${value.insecure ? 'without encryption · ' : ''}${
                value.username === null ? 'not signed in' : `signed in as ${value.username}`
              }`
            }
            next={next}
          />
        }
        onValue={(value) => change({ to: value })}
      />
      {source.status === 'ready' ? (
        <Platforms detail={source.value} value={platform} onValue={(value) => change({ platform: value })} />
      ) : null}
      <Checkbox
        label="Signatures, SBOMs and attestations come along"
        checked={withReferrers}
        onChecked={setWithReferrers}
      />
      {error === null ? null : <ErrorNotice error={error} />}
      {check.status === 'ready' ? (
        <>
          <RemoteTag
            check={check.value}
            move={tag}
            onVersion={(version) => change({ to: withTag(to, version) })}
          />
          <PushLayers layers={check.value.layers} baseName={check.value.baseName} />
        </>
      ) : null}
    </DialogFrame>
  );
}

/** Which of the images of a list are copied; nothing to choose where there is one alone. */
function Platforms(props: {
  readonly detail: ImageDetail;
  readonly value: string;
  onValue(value: string): void;
}): ReactNode {
  const { remote } = props.detail;
  const options = useMemo(() => {
    const names = (remote?.platforms ?? []).map(({ platform }) => platformName(platform));
    const single = [...new Set(names)].map((name) => ({ value: name, label: `${name} alone` }));
    return [{ value: '', label: `All (${names.join(', ')})` }, ...single];
  }, [remote]);
  if ((remote?.platforms.length ?? 0) < 2) return null;
  return <Select label="Platforms" value={props.value} options={options} onValue={props.onValue} />;
}

function PlaceNote<T>(props: {
  readonly remote: Remote<T>;
  readonly text: string;
  words(value: T): string;
  readonly next: Dialog;
}): ReactNode {
  const { remote } = props;
  if (remote.status === 'failed')
    return (
      <div className={`${styles.line} ${styles.wrong}`} role="alert">
        {remote.error.message} {remote.error.hint}{' '}
        <RegistryErrorMend error={remote.error} next={props.next} />
      </div>
    );
  if (remote.status === 'loading')
    return (
      <div className={styles.line} role="status">
        Asking what is there…
      </div>
    );
  const words = remote.status === 'ready' ? props.words(remote.value) : 'registry / repository : tag';
  return <div className={styles.line}>{words}</div>;
}

function sourceWords({ summary, layers, remote }: ImageDetail): string {
  const platforms = remote?.platforms.length ?? 0;
  const list = platforms > 1 ? ` · ${formatCount(platforms, 'platform')}` : '';
  return `${formatCount(layers.length, 'layer')}, ${formatBytes(summary.size ?? 0)}${list}`;
}

function noteOf(source: Remote<ImageDetail>): string | undefined {
  if (source.status !== 'ready') return undefined;
  return 'Goes from registry to registry; nothing is stored here.';
}

/** The target with another tag. */
function withTag(target: string, version: string): string {
  const { host, repository } = splitReference(target.trim());
  return `${host}${repository}:${version}`;
}
