import { Sparkles } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { unreadLayers } from '#renderer/store/unread-layers.ts';
import text from '#renderer/styles/text.module.css';
import { formatBytes } from '#shared/format/bytes.ts';
import styles from './panels.module.css';
import { ReadLayers } from './read-layers.tsx';

/** What would make the image smaller or safer, each with its number and its layer. */
export function AdviceTab(): ReactNode {
  const store = useAppStore();
  const insight = useApp((state) => state.image.insight);
  const { reload, chooseLayer, setTab } = store.getState().image;
  const show = (layer: number): void => {
    chooseLayer(layer);
    setTab('files');
  };
  const detail = useApp((state) => valueOr(state.image.detail, undefined));
  const unread = useMemo(() => (detail === undefined ? [] : unreadLayers(detail)), [detail]);
  if (unread.length > 0) return <ReadLayers layers={unread} what="The files that advice looks at" />;
  return (
    <RemoteView remote={insight} what="advice" onRetry={() => void reload()}>
      {({ advice }) =>
        advice.length === 0 ? (
          <EmptyState icon={Sparkles} title="No advice">
            Nothing stands out in this image.
          </EmptyState>
        ) : (
          <ul className={styles.panel}>
            {advice.map(({ title, detail, bytes, layer }) => (
              <li key={`${title}${detail}`} className={styles.advice}>
                <h3>{title}</h3>
                <span className={text.number}>{bytes === null ? '' : `${formatBytes(bytes)} unpacked`}</span>
                <p>{detail}</p>
                {layer === null ? null : (
                  <Button tone="link" onClick={() => show(layer)}>
                    Show the layer
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </RemoteView>
  );
}
