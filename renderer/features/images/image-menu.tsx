import { Copy, Ellipsis, FolderOutput, GitCompare, Layers, Tag, Trash2, Upload } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from '#renderer/components/button.tsx';
import { copyText } from '#renderer/components/copy-button.tsx';
import { Menu, type MenuItem } from '#renderer/components/menu.tsx';
import { whyNotComparable } from '#renderer/features/compare/comparable-images.ts';
import { firstPushTarget } from '#renderer/features/transfer/push-target.ts';
import type { AppStore } from '#renderer/store/app-store.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';
import { exchangeItems } from './exchange-items.tsx';
import { imageName, toDialogImage } from './image-rows.ts';
import styles from './images.module.css';

/** What can be done with one image, behind three dots. */
export function ImageMenu(props: {
  readonly image: ImageSummary;
  /** Its layers are on the screen already. */
  readonly isHere?: boolean;
  readonly startsOpen?: boolean;
}): ReactNode {
  const { image, isHere = false } = props;
  const store = useAppStore();
  const items = imageMenuItems(store, image);
  return (
    <Menu align="end" items={isHere ? items.slice(1) : items} startsOpen={props.startsOpen ?? false}>
      <IconButton small={!isHere} label={`More about ${imageName(image)}`} tabIndex={isHere ? 0 : -1}>
        <Ellipsis aria-hidden />
      </IconButton>
    </Menu>
  );
}

/**
 * The menu of a row. A plain button until it is clicked: a long table has many, and each menu has its price. Never
 * replaced before the click: one between press and release would be lost.
 */
export function RowMenu({ image }: { readonly image: ImageSummary }): ReactNode {
  const [isWanted, setWanted] = useState(false);
  if (isWanted) return <ImageMenu image={image} startsOpen />;
  return (
    <button
      type="button"
      className={styles.dots}
      aria-label={`More about ${imageName(image)}`}
      aria-haspopup="menu"
      tabIndex={-1}
      onClick={() => setWanted(true)}
    >
      <Ellipsis aria-hidden />
    </button>
  );
}

/** The entries of an image's menu. */
function imageMenuItems(store: AppStore, summary: ImageSummary): readonly MenuItem[] {
  const { navigation, dialogs, toasts } = store.getState();
  const image = toDialogImage(summary);
  const copy = async (text: string, what: string): Promise<void> => {
    await copyText(text);
    toasts.add({ tone: 'info', title: `${what} copied`, detail: text });
  };
  return [
    {
      label: 'Layers and files',
      icon: <Layers aria-hidden />,
      run: () => navigation.go({ screen: 'image', engine: image.engine, ref: image.id }),
    },
    { label: 'Tag…', icon: <Tag aria-hidden />, run: () => dialogs.show({ kind: 'tag-image', image }) },
    {
      label: 'Push…',
      icon: <Upload aria-hidden />,
      run: () =>
        dialogs.show({ kind: 'push-image', image, target: firstPushTarget(summary, navigation.route) }),
    },
    {
      label: 'Compare…',
      icon: <GitCompare aria-hidden />,
      run: () => {
        const whyNot = whyNotComparable(store.getState(), image.engine);
        if (whyNot === undefined) dialogs.show({ kind: 'compare-image', image });
        else dialogs.show({ kind: 'take-images', images: [image], why: whyNot });
      },
    },
    {
      label: 'Save to a file…',
      icon: <FolderOutput aria-hidden />,
      run: () => dialogs.show({ kind: 'save-image', image }),
    },
    { label: 'Copy the digest', icon: <Copy aria-hidden />, run: () => void copy(summary.id, 'Digest') },
    ...exchangeItems(store, image),
    'separator',
    {
      label: 'Remove…',
      icon: <Trash2 aria-hidden />,
      danger: true,
      run: () => dialogs.show({ kind: 'remove-images', engine: image.engine, ids: [image.id] }),
    },
  ];
}
