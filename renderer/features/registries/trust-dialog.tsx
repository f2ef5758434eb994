import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { goOn, type Waiting } from '#renderer/dialogs/go-on.ts';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ServerCertificate } from '#shared/contract/registries.ts';
import styles from './registries.module.css';
import { reloadShown } from './reload-shown.ts';

/** Shows the certificate of a registry, so that a person can decide to trust it. Nothing is trusted by being shown. */
export function TrustDialog(
  props: Waiting & {
    readonly host: string;
    onClose(): void;
  },
): ReactNode {
  const { host, next, resume, onClose } = props;
  const store = useAppStore();
  const certificate = useApp((state) => state.registries.certificate);
  const { attempt, error, isBusy } = useAttempt();
  useEffect(() => {
    void store.getState().registries.readCertificate(host);
  }, [store, host]);
  const shown = certificate.status === 'ready' ? certificate.value : undefined;
  const isLeft = useRef(false);
  const trust = (): void => {
    if (shown === undefined || shown.obstacle !== null || isBusy) return;
    void attempt(async () => {
      const { registries, toasts } = store.getState();
      await registries.trust(host, shown.fingerprint);
      toasts.add({ tone: 'done', title: `The certificate of ${host} is trusted`, detail: shown.fingerprint });
      // Whoever left meanwhile does not want to go on.
      if (isLeft.current) return;
      onClose();
      if (next === undefined && resume === undefined) void reloadShown(store.getState());
      else await goOn(store.getState(), { next, resume });
    });
  };
  const leave = (): void => {
    isLeft.current = true;
    onClose();
    if (next !== undefined) store.getState().dialogs.show(next);
  };
  return (
    <DialogFrame
      title={`Trust the certificate of ${host}?`}
      onClose={leave}
      onSubmit={trust}
      actions={
        <>
          <Button onClick={leave}>Cancel</Button>
          <Button
            type="submit"
            tone="primary"
            disabled={shown === undefined || shown.obstacle !== null || isBusy}
          >
            Trust this certificate
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <RemoteView
        remote={certificate}
        what="the certificate"
        onRetry={() => void store.getState().registries.readCertificate(host)}
      >
        {(value) => (
          <>
            <p>
              This machine knows no authority that vouches for it. Compare the fingerprint with the one that
              whoever runs the registry tells you; if they differ, someone else may be listening.
            </p>
            <Facts certificate={value} />
            {value.obstacle === null ? null : (
              <Notice tone="warn" title="To trust it would not be enough">
                {value.obstacle} The registry needs another certificate. Where nobody else can listen, the
                host can be listed as insecure in{' '}
                <a href={formatRoute({ screen: 'settings' })} onClick={onClose}>
                  Settings
                </a>
                .
              </Notice>
            )}
          </>
        )}
      </RemoteView>
    </DialogFrame>
  );
}

function Facts({ certificate }: { readonly certificate: ServerCertificate }): ReactNode {
  const { subject, issuer, names, validFrom, validTo, fingerprint, isSelfSigned } = certificate;
  const day = (at: number): ReactNode => (
    <time dateTime={new Date(at).toISOString()}>{new Date(at).toISOString().slice(0, 10)}</time>
  );
  return (
    <dl className={styles.facts}>
      <dt>Issued to</dt>
      <dd className={text.mono}>{subject}</dd>
      <dt>Issued by</dt>
      <dd className={text.mono}>{isSelfSigned ? 'itself' : issuer}</dd>
      <dt>For</dt>
      <dd className={text.mono}>
        {names.map((name) => name.replace(/^(?:DNS|IP Address):/, '')).join(', ')}
      </dd>
      <dt>Valid</dt>
      <dd>
        {day(validFrom)} to {day(validTo)}
      </dd>
      <dt>Fingerprint (SHA-256)</dt>
      <dd className={styles.fingerprint}>
        <code>{fingerprint}</code>
        <CopyButton label="Copy the fingerprint" text={fingerprint} />
      </dd>
    </dl>
  );
}
