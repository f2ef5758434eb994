import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Select, type SelectOption } from '#renderer/components/select.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { RateLimitNote } from '#renderer/features/registries/rate-limit-note.tsx';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { parseReference } from '#shared/oci/reference.ts';
import { ReferenceField } from './reference-field.tsx';
import styles from './transfer.module.css';

const PLATFORMS = [
  { value: '', label: 'This machine' },
  { value: 'linux/amd64', label: 'linux/amd64' },
  { value: 'linux/arm64', label: 'linux/arm64' },
  { value: 'linux/arm/v7', label: 'linux/arm/v7' },
  { value: 'linux/386', label: 'linux/386' },
  { value: 'linux/ppc64le', label: 'linux/ppc64le' },
  { value: 'linux/riscv64', label: 'linux/riscv64' },
  { value: 'linux/s390x', label: 'linux/s390x' },
] as const;

/** Asks which image to pull, and for which platform. */
export function PullDialog(props: {
  readonly reference: string;
  readonly engine: string | undefined;
  /** Chosen when the dialog opens; default: that of this machine. */
  readonly platform?: string | undefined;
  onClose(): void;
}): ReactNode {
  const { onClose } = props;
  const store = useAppStore();
  const [reference, setReference] = useState(props.reference);
  const [platform, setPlatform] = useState(props.platform ?? '');
  const platforms = useMemo(() => platformOptions(props.platform), [props.platform]);
  const engine = useApp((state) => props.engine ?? state.engines.selected);
  const engineName = useApp((state) => engineById(state.engines, engine)?.name);
  const pull = useApp((state) => state.transfers.pull);
  const { attempt, error, isBusy } = useAttempt();
  const wanted = reference.trim();
  const host = hostOf(wanted);
  const limit = useApp((state) => (host === null ? null : (state.registries.limits[host] ?? null)));
  useEffect(() => {
    if (host !== null) void store.getState().registries.askLimit(host);
  }, [store, host]);
  return (
    <DialogFrame
      title="Pull an image"
      onClose={onClose}
      onSubmit={() => {
        if (wanted !== '') void attempt(() => pull(engine, wanted, platform));
      }}
      note={engineName === undefined ? undefined : `into ${engineName}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={isBusy || wanted === ''}>
            Pull
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <div className={styles.two}>
        <ReferenceField
          label="Image"
          value={reference}
          placeholder="nginx:1.27-alpine"
          isWrong={error?.code === 'invalid-input'}
          note={
            <div className={styles.line}>
              {whereFrom(wanted)}
              <RateLimitNote limit={limit} />
            </div>
          }
          onValue={setReference}
        />
        <Select label="Platform" value={platform} options={platforms} onValue={setPlatform} />
      </div>
    </DialogFrame>
  );
}

/** The usual platforms, with one that was chosen elsewhere. */
function platformOptions(chosen = ''): readonly SelectOption<string>[] {
  const isUsual = PLATFORMS.some(({ value }) => value === chosen);
  return isUsual ? PLATFORMS : [...PLATFORMS, { value: chosen, label: chosen }];
}

/** The registry that is asked; null while what is typed is no reference. */
function hostOf(text: string): string | null {
  try {
    return text === '' ? null : parseReference(text).domain;
  } catch {
    return null;
  }
}

/** What a reference means before it is asked for: `nginx` comes from Docker Hub, with the tag latest. */
function whereFrom(text: string): string {
  if (text === '') return 'A name from Docker Hub, or registry/repository:tag, or …@sha256:…';
  try {
    const { domain, path, tag, digest } = parseReference(text);
    const place = domain === 'docker.io' ? 'Docker Hub' : domain;
    return `${path}${digest === undefined ? `:${tag ?? 'latest'}` : ' by digest'} from ${place}`;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}
