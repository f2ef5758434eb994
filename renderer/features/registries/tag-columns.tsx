import { type ReactNode, useEffect } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { RemoteTag } from '#shared/contract/registries.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { platformName } from './platform-name.ts';
import styles from './registries.module.css';
import { TagMenu } from './tag-menu.tsx';

/** One tag; what it names is asked for while the row is in view. */
export interface TagRow {
  readonly tag: string;
  /** The familiar reference. */
  readonly reference: string;
}

/** The columns of the tags of a repository. */
export const TAG_COLUMNS: readonly TableColumn<TagRow>[] = [
  { id: 'tag', title: 'Tag', width: 140, grow: 3, cell: (row) => <TagCell row={row} /> },
  { id: 'digest', title: 'Digest', width: 150, cell: (row) => <DigestCell row={row} /> },
  {
    id: 'platforms',
    title: 'Platforms',
    width: 110,
    grow: 2,
    hideBelow: 640,
    cell: (row) => <PlatformsCell row={row} />,
  },
  { id: 'size', title: 'Size', width: 72, align: 'end', cell: (row) => <SizeCell row={row} /> },
  { id: 'built', title: 'Built', width: 76, cell: (row) => <BuiltCell row={row} /> },
  { id: 'menu', title: 'Actions', hideTitle: true, width: 26, cell: (row) => <TagMenu row={row} /> },
];

function useFact(tag: string): RemoteTag | undefined {
  const fact = useApp((state) => state.remoteTags.facts[tag]);
  return fact?.status === 'ready' ? fact.value : undefined;
}

function TagCell({ row }: { readonly row: TagRow }): ReactNode {
  const digest = useFact(row.tag)?.digest;
  const isHere = useApp(({ images }) => {
    if (digest === undefined || images.list.status !== 'ready') return false;
    return images.list.value.some((image) => image.id === digest);
  });
  return (
    <span className={styles.tag}>
      <span className={classNames(text.mono, text.ellipsis)} title={row.reference}>
        {row.tag}
      </span>
      {isHere ? <Chip title="The shown engine holds this very image">here</Chip> : null}
    </span>
  );
}

/** The digest, whose coming into view is what asks for everything of the row. */
function DigestCell({ row }: { readonly row: TagRow }): ReactNode {
  const store = useAppStore();
  const { tag } = row;
  const fact = useApp((state) => state.remoteTags.facts[tag]);
  const isUnknown = fact === undefined;
  useEffect(() => {
    if (!isUnknown) return;
    const { remoteTags } = store.getState();
    remoteTags.want(tag);
    return () => remoteTags.drop(tag);
  }, [store, tag, isUnknown]);
  if (fact?.status === 'failed')
    return (
      <Button
        tone="link"
        tabIndex={-1}
        title={`${fact.error.message} ${fact.error.hint ?? ''}`}
        onClick={() => store.getState().remoteTags.want(tag)}
      >
        not readable
      </Button>
    );
  if (fact?.status !== 'ready') return <span className={text.faint}>…</span>;
  return (
    <span className={styles.digest}>
      <span className={text.mono} title={fact.value.digest}>
        {shortenDigest(fact.value.digest)}
      </span>
      <CopyButton inRow label={`Copy the digest of ${tag}`} text={fact.value.digest} />
    </span>
  );
}

function PlatformsCell({ row }: { readonly row: TagRow }): ReactNode {
  const fact = useFact(row.tag);
  const names = fact?.platforms.map(({ platform }) => platformName(platform)) ?? [];
  if (names.length === 0)
    return <span className={text.faint}>{fact?.index ? 'several' : fact === undefined ? '' : '–'}</span>;
  return (
    <span className={classNames(text.dim, text.ellipsis)} title={names.join('\n')}>
      {names.join(', ')}
    </span>
  );
}

function SizeCell({ row }: { readonly row: TagRow }): ReactNode {
  const fact = useFact(row.tag);
  if (fact === undefined) return null;
  return fact.size === null ? <span className={text.faint}>–</span> : <Bytes value={fact.size} />;
}

function BuiltCell({ row }: { readonly row: TagRow }): ReactNode {
  const fact = useFact(row.tag);
  if (fact === undefined) return null;
  return (
    <span className={text.dim}>
      <Age at={fact.createdAt} />
    </span>
  );
}
