import type { ReactNode } from 'react';
import { Age } from '#renderer/components/quantity.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { TaggedName } from '#renderer/components/tagged-name.tsx';
import { splitName } from '#renderer/features/images/image-rows.ts';
import text from '#renderer/styles/text.module.css';
import type { TagMove } from '#shared/contract/tags.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { authorWords, moverWords } from './journal-rows.ts';

/** How a move is called in a sentence. */
export function moveName(move: TagMove): string {
  return `${move.name}, ${moverWords(move)} ${new Date(move.time).toLocaleString()}`;
}

/** The columns of the journal. */
export const JOURNAL_COLUMNS: readonly TableColumn<TagMove>[] = [
  {
    id: 'time',
    title: 'When',
    width: 96,
    largestFirst: true,
    sortValue: (move) => move.time,
    cell: (move) => <Age at={move.time} ago />,
  },
  {
    id: 'name',
    title: 'Tag',
    width: 170,
    grow: 3,
    sortValue: (move) => move.name,
    cell: (move) => <TaggedName {...splitName(move.name)} className={text.mono} />,
  },
  {
    id: 'host',
    title: 'Where',
    width: 110,
    grow: 1,
    hideBelow: 800,
    sortValue: (move) => move.host ?? '',
    cell: (move) =>
      move.host === null ? (
        <span className={text.faint}>this store</span>
      ) : (
        <span className={text.ellipsis} title={move.host}>
          {move.host}
        </span>
      ),
  },
  { id: 'from', title: 'From', width: 122, cell: (move) => <Named digest={move.from} /> },
  { id: 'to', title: 'To', width: 122, cell: (move) => <Named digest={move.to} /> },
  {
    id: 'by',
    title: 'How',
    width: 104,
    hideBelow: 720,
    sortValue: moverWords,
    cell: (move) => <span>{moverWords(move)}</span>,
  },
  {
    id: 'who',
    title: 'Who',
    width: 120,
    grow: 1,
    hideBelow: 900,
    sortValue: authorWords,
    cell: (move) => (
      <span className={`${text.dim} ${text.ellipsis}`} title={authorWords(move)}>
        {authorWords(move)}
      </span>
    ),
  },
];

function Named({ digest }: { readonly digest: string | null }): ReactNode {
  if (digest === null) return <span className={text.faint}>nothing</span>;
  return (
    <span className={text.mono} title={digest}>
      {shortenDigest(digest)}
    </span>
  );
}
