import { Sparkles } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ShareBar } from '#renderer/components/progress-bar.tsx';
import { Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { unreadLayers } from '#renderer/store/unread-layers.ts';
import text from '#renderer/styles/text.module.css';
import { formatBytes } from '#shared/format/bytes.ts';
import styles from './panels.module.css';
import { ReadLayers } from './read-layers.tsx';

/** In percent with one digit, rounded down: what is wasted is never rounded away. */
function seenShare(efficiency: number): string {
  return (Math.floor(efficiency * 1000) / 10).toFixed(1);
}

/** The bytes that are shipped and never seen: files that later layers replace or remove. */
export function WasteTab(): ReactNode {
  const insight = useApp((state) => state.image.insight);
  const reload = useApp((state) => state.image.reload);
  const detail = useApp((state) => valueOr(state.image.detail, undefined));
  const unread = useMemo(() => (detail === undefined ? [] : unreadLayers(detail)), [detail]);
  if (unread.length > 0) return <ReadLayers layers={unread} what="The files that may hide each other" />;
  return (
    <RemoteView remote={insight} what="what the layers hide" onRetry={() => void reload()}>
      {({ waste }) =>
        waste.items.length === 0 ? (
          <EmptyState icon={Sparkles} title="Nothing is wasted">
            No layer replaces or removes a file of a layer below.
          </EmptyState>
        ) : (
          <div className={styles.panel}>
            <div className={styles.figures}>
              <div>
                <b>{formatBytes(waste.wastedBytes)} unpacked</b>shipped, but hidden by later layers
              </div>
              <div>
                <b>{seenShare(waste.efficiency)} %</b>of the unpacked bytes can be seen in the end
              </div>
            </div>
            <p className={styles.remark}>
              These are sizes of files as they are on a disk. Layers are sent compressed, so the sizes in the
              stack are smaller, and the two cannot be added up.
            </p>
            <ul className={styles.list}>
              {waste.items.map((item) => (
                <li key={item.path} className={styles.item}>
                  <span className={styles.path} title={item.path}>
                    /{item.path}
                  </span>
                  <span className={text.dim}>
                    {item.kind === 'removed' ? '− removed later' : `~ written ${item.copies} times`}
                  </span>
                  <span className={styles.end}>
                    <Bytes value={item.bytes} />
                  </span>
                  <ShareBar tone="bad" value={item.bytes / Math.max(1, waste.wastedBytes)} />
                </li>
              ))}
            </ul>
          </div>
        )
      }
    </RemoteView>
  );
}
