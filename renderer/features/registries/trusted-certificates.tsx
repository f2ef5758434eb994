import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import type { TrustedCertificate } from '#renderer/store/registries-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import styles from './registries.module.css';

const NONE: readonly TrustedCertificate[] = [];

/** The certificates that a person decided to trust, each with the way back. */
export function TrustedCertificates(): ReactNode {
  const store = useAppStore();
  const trusted = useApp((state) => valueOr(state.registries.trusted, NONE));
  if (trusted.length === 0) return null;
  const ask = ({ host, fingerprint }: TrustedCertificate): void =>
    store.getState().dialogs.show({
      kind: 'confirm',
      title: `Trust the certificate of ${host} no more?`,
      message: 'The registry is then reached only if an authority of this machine vouches for it.',
      items: [fingerprint],
      confirm: 'Trust it no more',
      danger: true,
      run: () => store.getState().registries.distrust(host),
    });
  return (
    <section className={styles.others} aria-label="Trusted certificates">
      <h2 className={styles.heading}>Certificates trusted by you</h2>
      <ul>
        {trusted.map((certificate) => (
          <li key={certificate.host} className={styles.account}>
            <ShieldCheck aria-hidden className={styles.shield} />
            <div className={styles.names}>
              <span className={styles.host}>{certificate.host}</span>
              <span className={text.dim}>
                {certificate.subject} · until {new Date(certificate.validTo).toISOString().slice(0, 10)}
                <span className={text.faint} title={certificate.fingerprint}>
                  {' '}
                  · {certificate.fingerprint.slice(0, 23)}…
                </span>
              </span>
            </div>
            <Button small onClick={() => ask(certificate)}>
              Trust no more…
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
