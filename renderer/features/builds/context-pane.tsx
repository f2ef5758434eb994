import { Notice } from '#renderer/components/notice.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import type { Remote } from '#renderer/store/remote.ts';
import text from '#renderer/styles/text.module.css';
import type { ContextPreview } from '#shared/contract/projects.ts';
import { formatCount, formatNumber } from '#shared/format/count.ts';
import styles from './build-panes.module.css';

/** What a build would read of the folder: how much, where it is big, what was left out. */
export function ContextPane(props: { readonly context: Remote<ContextPreview>; onRetry(): void }) {
  return (
    <RemoteView remote={props.context} what="the context" onRetry={props.onRetry}>
      {(context) => <Preview context={context} />}
    </RemoteView>
  );
}

function Preview({ context }: { readonly context: ContextPreview }) {
  const largest = Math.max(1, ...context.biggest.map((entry) => entry.bytes));
  return (
    <div className={styles.pane}>
      <dl className={styles.facts}>
        <dt>Read by the build</dt>
        <dd>
          {formatCount(context.files, 'file')}, <Bytes value={context.bytes} />
        </dd>
        <dt>Left out</dt>
        <dd>
          {formatCount(context.ignoredFiles, 'file')}, <Bytes value={context.ignoredBytes} />{' '}
          <span className={text.faint}>
            {context.ignoreFile === null ? 'there is no .dockerignore' : `by ${context.ignoreFile}`}
          </span>
        </dd>
      </dl>
      {context.warnings.map((warning) => (
        <Notice key={warning.path} tone="warn" title={<code>{warning.path}</code>}>
          {warning.detail}
        </Notice>
      ))}
      {context.biggest.length > 0 && (
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">Biggest</th>
              <th scope="col">Files</th>
              <th scope="col">Size</th>
              <th scope="col">
                <span className={text.hidden}>Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {context.biggest.map((entry) => (
              <tr key={entry.path}>
                <td className={text.mono}>{entry.path}</td>
                <td className={text.number}>{formatNumber(entry.files)}</td>
                <td>
                  <Bytes value={entry.bytes} />
                </td>
                <td className={styles.share}>
                  <div>
                    <div style={{ width: `${(entry.bytes / largest) * 100}%` }} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
