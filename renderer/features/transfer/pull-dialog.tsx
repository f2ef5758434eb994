import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Select } from '#renderer/components/select.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp } from '#renderer/store/store-context.tsx';
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
  onClose(): void;
}): ReactNode {
  const { onClose } = props;
  const [reference, setReference] = useState(props.reference);
  const [platform, setPlatform] = useState('');
  const engine = useApp((state) => props.engine ?? state.engines.selected);
  const engineName = useApp((state) => engineById(state.engines, engine)?.name);
  const pull = useApp((state) => state.transfers.pull);
  const { attempt, error, isBusy } = useAttempt();
  const wanted = reference.trim();
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
          note={<div className={styles.line}>{whereFrom(wanted)}</div>}
          onValue={setReference}
        />
        <Select label="Platform" value={platform} options={PLATFORMS} onValue={setPlatform} />
      </div>
    </DialogFrame>
  );
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
