import { FolderOutput, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { download } from '#renderer/components/download.ts';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import type { AppStore } from '#renderer/store/app-store.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { OpenedReferrer, Referrer } from '#shared/contract/referrers.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import styles from './attached.module.css';
import { kindWord, partName } from './attached-words.ts';

/** One thing that is attached: its parts to read and to save, and its manifest. */
export function AttachedDocument({ referrer }: { readonly referrer: Referrer }): ReactNode {
  const store = useAppStore();
  const opened = useApp((state) => state.referrers.opened);
  const { open, close } = store.getState().referrers;
  return (
    <section className={styles.document} aria-label={`${kindWord(referrer)}, opened`}>
      <div className={styles.bar}>
        <b>{kindWord(referrer)}</b>
        <span className={classNames(text.mono, text.faint, text.ellipsis)} title={referrer.digest}>
          {referrer.digest}
        </span>
        <CopyButton label="Copy its reference" text={referrer.reference} />
        <IconButton small label="Close" onClick={close}>
          <X aria-hidden />
        </IconButton>
      </div>
      <RemoteView remote={opened} what="what is attached" onRetry={() => void open(referrer)}>
        {(value) => (
          <div className={styles.parts}>
            {value.parts.map((part, at) => (
              <Part key={part.digest} part={part} name={partName(referrer, part.mediaType, at)} />
            ))}
            <h3 className={styles.partHead}>Manifest</h3>
            <pre className={styles.text}>{value.manifest}</pre>
          </div>
        )}
      </RemoteView>
    </section>
  );
}

function Part(props: { readonly part: OpenedReferrer['parts'][number]; readonly name: string }): ReactNode {
  const { part, name } = props;
  const store = useAppStore();
  return (
    <>
      <div className={styles.partHead}>
        <span className={classNames(text.mono, text.ellipsis)} title={part.mediaType}>
          {part.mediaType}
        </span>
        <span className={text.faint}>{formatBytes(part.size)}</span>
        <Button
          small
          icon={<FolderOutput aria-hidden />}
          onClick={() => void save(store, { digest: part.digest, size: part.size, name })}
        >
          Save…
        </Button>
      </div>
      {part.text === null ? (
        <p className={text.dim}>This part is too large or no text. Save it to open it elsewhere.</p>
      ) : (
        <pre className={styles.text}>{part.text}</pre>
      )}
    </>
  );
}

async function save(
  store: AppStore,
  part: { readonly digest: string; readonly size: number; readonly name: string },
): Promise<void> {
  const { referrers, toasts } = store.getState();
  try {
    const { path, url } = await referrers.save(part);
    if (url !== null) download(url);
    else if (path !== null) toasts.add({ tone: 'done', title: 'Saved', detail: path });
  } catch (error) {
    const { message, hint } = toErrorView(error);
    toasts.add({ tone: 'failed', title: message, detail: hint });
  }
}
