import type { ReactNode } from 'react';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageDetail } from '#shared/contract/images.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './panels.module.css';

/** Manifest and config as they are stored. */
export function ManifestTab({ detail }: { readonly detail: ImageDetail }): ReactNode {
  return (
    <div className={styles.panel}>
      <Raw title="Manifest" digest={detail.manifestDigest} json={detail.rawManifest} />
      <Raw title="Config" digest={detail.imageId} json={detail.rawConfig} />
    </div>
  );
}

function Raw(props: {
  readonly title: string;
  readonly digest: string | null;
  readonly json: string | null;
}): ReactNode {
  const { title, digest, json } = props;
  return (
    <section className={styles.raw} aria-label={title}>
      <div className={styles.rawHead}>
        <h2>{title}</h2>
        <span className={`${text.mono} ${text.faint}`}>{digest === null ? '' : shortenDigest(digest)}</span>
        {json === null ? null : <CopyButton label={`Copy the ${title.toLowerCase()}`} text={json} />}
      </div>
      {json === null ? (
        <p className={text.dim}>This engine does not hand it out.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <pre tabIndex={0}>{indent(json)}</pre>
      )}
    </section>
  );
}

/** The JSON with line breaks for reading; what is no JSON stays as it is. */
function indent(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
