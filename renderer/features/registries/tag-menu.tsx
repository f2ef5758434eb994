import { ClipboardCopy, Copy, Download, Ellipsis, GitCompare, History, Layers, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from '#renderer/components/button.tsx';
import { copyText } from '#renderer/components/copy-button.tsx';
import { Menu, type MenuItem } from '#renderer/components/menu.tsx';
import type { AppStore } from '#renderer/store/app-store.ts';
import { REMOTE_ENGINE } from '#renderer/store/route.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import styles from './registries.module.css';
import type { TagRow } from './tag-columns.tsx';

/**
 * What can be done with a tag. A plain button until it is clicked: a long table has many. Never replaced before the
 * click: one between press and release would be lost.
 */
export function TagMenu({ row }: { readonly row: TagRow }): ReactNode {
  const store = useAppStore();
  const [isWanted, setWanted] = useState(false);
  const label = `More about ${row.tag}`;
  if (!isWanted)
    return (
      <IconButton
        small
        inRow
        label={label}
        tabIndex={-1}
        className={styles.dots}
        aria-haspopup="menu"
        onClick={() => setWanted(true)}
      >
        <Ellipsis aria-hidden />
      </IconButton>
    );
  return (
    <Menu align="end" items={tagMenuItems(store, row)} startsOpen>
      <IconButton small label={label} tabIndex={-1}>
        <Ellipsis aria-hidden />
      </IconButton>
    </Menu>
  );
}

function tagMenuItems(store: AppStore, { tag, reference }: TagRow): readonly MenuItem[] {
  const { navigation, dialogs, toasts, remoteTags } = store.getState();
  const fact = remoteTags.facts[tag];
  const known = fact?.status === 'ready' ? fact.value : undefined;
  const copy = async (text: string, what: string): Promise<void> => {
    await copyText(text);
    toasts.add({ tone: 'info', title: `${what} copied`, detail: text });
  };
  return [
    {
      label: 'Layers and files',
      icon: <Layers aria-hidden />,
      run: () => navigation.go({ screen: 'image', engine: REMOTE_ENGINE, ref: reference }),
    },
    {
      label: 'Pull…',
      icon: <Download aria-hidden />,
      run: () => dialogs.show({ kind: 'pull-image', reference, engine: 'builtin' }),
    },
    {
      label: 'Copy to another registry…',
      icon: <Copy aria-hidden />,
      run: () => dialogs.show({ kind: 'copy-image', from: reference, to: '' }),
    },
    {
      label: 'Compare…',
      icon: <GitCompare aria-hidden />,
      run: () =>
        dialogs.show({
          kind: 'compare-image',
          image: { engine: REMOTE_ENGINE, id: reference, ref: reference, name: reference },
        }),
    },
    {
      label: 'What it named before',
      icon: <History aria-hidden />,
      run: () => navigation.go({ screen: 'tags', name: reference }),
    },
    'separator',
    {
      label: 'Copy the reference',
      icon: <ClipboardCopy aria-hidden />,
      run: () => void copy(reference, 'Reference'),
    },
    {
      label: 'Copy name@digest',
      icon: <ClipboardCopy aria-hidden />,
      disabled: known === undefined,
      run: () => void copy(known?.pinned ?? '', 'Reference with its digest'),
    },
    'separator',
    {
      label: 'Delete…',
      icon: <Trash2 aria-hidden />,
      danger: true,
      run: () => dialogs.show({ kind: 'delete-tag', reference }),
    },
  ];
}
