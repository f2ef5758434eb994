import { FolderOutput, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { saveDownload } from '#renderer/commands/save-download.ts';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import type { FilePreview } from '#renderer/store/files-slice.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import { formatBytes } from '#shared/format/bytes.ts';
import styles from './file-preview.module.css';

/** The beginning of the selected file, and the way to save it out of its layer. */
export function FilePreviewPane(): ReactNode {
  const store = useAppStore();
  const row = useApp((state) => state.files.selected);
  const preview = useApp((state) => state.files.preview);
  if (row === null) return null;
  const { showPreview, closePreview } = store.getState().files;
  return (
    <section className={styles.pane} aria-label={`Preview of ${row.path}`}>
      <div className={styles.head}>
        <span className={styles.path} title={row.path}>
          <bdi>/{row.path}</bdi>
        </span>
        <span className={text.faint}>
          <Bytes value={row.size} />
        </span>
        <Button
          small
          icon={<FolderOutput aria-hidden />}
          onClick={() => void saveDownload(store, 'File saved', () => store.getState().files.save(row))}
        >
          Save file…
        </Button>
        <IconButton small label="Close the preview" onClick={closePreview}>
          <X aria-hidden />
        </IconButton>
      </div>
      <RemoteView remote={preview} what="the file" onRetry={() => void showPreview(row)}>
        {(value) => <PreviewText preview={value} />}
      </RemoteView>
    </section>
  );
}

function PreviewText({ preview }: { readonly preview: FilePreview }): ReactNode {
  if (preview.text === null)
    return (
      <div className={styles.note}>
        {preview.size === 0 ? 'The file is empty.' : 'This is no text. Save the file to open it elsewhere.'}
      </div>
    );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre className={styles.text} tabIndex={0}>
        {preview.text}
      </pre>
      {preview.truncated ? (
        <div className={styles.foot}>Only the beginning of {formatBytes(preview.size)} is shown.</div>
      ) : null}
    </>
  );
}
