import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu } from '#renderer/components/menu.tsx';
import { engineById } from '#renderer/store/engines-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { EngineStatus } from '#shared/contract/engines.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './sidebar.module.css';

const NO_ENGINES: readonly EngineStatus[] = [];

/** The engine whose images and containers are shown; a click offers the others. */
export function EngineBox(): ReactNode {
  const engines = useApp((state) => valueOr(state.engines.list, NO_ENGINES));
  const engine = useApp((state) => engineById(state.engines, state.engines.selected));
  const select = useApp((state) => state.engines.select);
  const images = useApp((state) =>
    state.images.list.status === 'ready' ? state.images.list.value.length : null,
  );
  const items = engines.map((other) => ({
    label: other.name,
    icon:
      other.id === engine?.id ? (
        <Check aria-hidden />
      ) : (
        <span className={styles.mark}>
          <span className={styles.dot} data-state={other.state} />
        </span>
      ),
    note: other.state === 'ready' ? (other.version ?? undefined) : 'not there',
    run: () => select(other.id),
  }));
  const detail = engine === undefined ? '' : detailOf(engine, images);
  return (
    <Menu side="top" items={items}>
      <button
        type="button"
        className={styles.engine}
        title={engine === undefined ? undefined : `${engine.name}, ${detail}`}
      >
        <span className={text.hidden}>Engine: </span>
        <span className={styles.dot} data-state={engine?.state ?? 'unknown'} aria-hidden />
        <span className={styles.label}>{engine?.name ?? 'Looking for engines…'} </span>
        <ChevronsUpDown aria-hidden />
        <span className={styles.detail}>{detail}</span>
      </button>
    </Menu>
  );
}

function detailOf(engine: EngineStatus, images: number | null): string {
  if (engine.state === 'unavailable') return 'not there';
  const parts = [engine.rootless ? 'rootless' : null, images === null ? null : formatCount(images, 'image')];
  return parts.filter((part) => part !== null).join(' · ');
}
