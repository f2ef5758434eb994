import type { ReactNode } from 'react';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import text from '#renderer/styles/text.module.css';
import type { PushCheck } from '#shared/contract/registries.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './content-pair.module.css';

/** What a tag names at its registry when that is not what would be pushed. */
export type OtherContent = Extract<PushCheck['remote'], { state: 'different' }>;

/** The two digests side by side: what the tag names there, and what it would name. */
export function ContentPair(props: { readonly check: PushCheck; readonly remote: OtherContent }): ReactNode {
  const { check, remote } = props;
  return (
    <dl className={styles.pair}>
      <dt>there now</dt>
      <dd>
        <Digest value={remote.digest} />
        <span className={text.dim}>
          {remote.createdAt === null ? null : (
            <>
              built <Age at={remote.createdAt} ago />
              {' · '}
            </>
          )}
          {remote.pushedAt == null ? (
            <span title="Registries do not tell when a tag was pushed; Strata knows it of its own pushes.">
              not pushed from here
            </span>
          ) : (
            <>
              pushed <Age at={remote.pushedAt} ago />
            </>
          )}
        </span>
      </dd>
      <dt>this image</dt>
      <dd>
        {check.localDigest === null ? (
          <span className={text.dim}>
            this engine tells its digest only after a push, so whether the content differs cannot be said
          </span>
        ) : (
          <Digest value={check.localDigest} />
        )}
      </dd>
    </dl>
  );
}

function Digest({ value }: { readonly value: string }): ReactNode {
  return (
    <span className={styles.digest}>
      <span className={text.mono} title={value}>
        {shortenDigest(value)}
      </span>
      <CopyButton label={`Copy ${value}`} text={value} />
    </span>
  );
}
