import { FolderOutput, GitCompare, Trash2, X } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { compareImages } from '#renderer/commands/compare-images.ts';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Grow, ScreenBar } from '#renderer/components/screen.tsx';
import type { RemovalPreview } from '#renderer/store/images-slice.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { ExchangeButton } from './exchange-items.tsx';
import { toDialogImage } from './image-rows.ts';

/** What can be done with the ticked images. */
export function BulkBar({ images }: { readonly images: readonly ImageSummary[] }): ReactNode {
  const store = useAppStore();
  const selected = useApp((state) => state.images.selected);
  const removal = useApp((state) => state.images.removal);
  const chosen = useMemo(() => images.filter((image) => selected.has(image.id)), [images, selected]);
  const [only] = chosen;
  const { dialogs, images: slice } = store.getState();
  return (
    <ScreenBar label="Selected images" selected>
      <strong>{formatNumber(selected.size)} selected</strong>
      <span className={text.dim} role="status">
        {removalWords(removal)}
      </span>
      <Grow />
      <Button
        small
        icon={<GitCompare aria-hidden />}
        unavailable={chosen.length === 2 ? undefined : 'Tick exactly two images to compare them.'}
        onClick={() => void compareImages.run(store)}
      >
        Compare
      </Button>
      {chosen.length === 1 && only !== undefined ? (
        <Button
          small
          icon={<FolderOutput aria-hidden />}
          onClick={() => dialogs.show({ kind: 'save-image', image: toDialogImage(only) })}
        >
          Save…
        </Button>
      ) : null}
      <ExchangeButton images={chosen.map(toDialogImage)} />
      <Button
        small
        tone="danger"
        icon={<Trash2 aria-hidden />}
        onClick={() =>
          dialogs.show({ kind: 'remove-images', engine: slice.engine, ids: chosen.map((image) => image.id) })
        }
      >
        Remove…
      </Button>
      <IconButton small label="Untick all" onClick={() => slice.setSelected(new Set())}>
        <X aria-hidden />
      </IconButton>
    </ScreenBar>
  );
}

function removalWords(removal: Remote<RemovalPreview>): string {
  if (removal.status !== 'ready') return '';
  const { freesBytes, blocked } = removal.value;
  const frees = freesBytes === null ? '' : `removing them frees ${formatBytes(freesBytes)}`;
  return blocked.length === 0 ? frees : `${frees}${frees === '' ? '' : ', '}${blocked.length} in use`;
}
