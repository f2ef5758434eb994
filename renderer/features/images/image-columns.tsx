import type { ReactNode } from 'react';
import { Chip } from '#renderer/components/chip.tsx';
import { LayerBar } from '#renderer/components/layer-bar.tsx';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import { RepositoryName } from '#renderer/components/repository-name.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatCount } from '#shared/format/count.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { RowMenu } from './image-menu.tsx';
import { chipsOf, chipsThatFit, imageName, repositoryOf } from './image-rows.ts';
import styles from './images.module.css';

/** The columns of the images table. */
export const IMAGE_COLUMNS: readonly TableColumn<ImageSummary>[] = [
  {
    id: 'repository',
    title: 'Repository',
    width: 120,
    grow: 3,
    sortValue: (image) => repositoryOf(image),
    cell: (image) => <RepositoryCell image={image} />,
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 128,
    grow: 2,
    sortValue: (image) => chipsOf(image)[0]?.text ?? null,
    cell: (image) => <TagsCell image={image} />,
  },
  {
    id: 'layers',
    title: 'Layers',
    width: 90,
    grow: 2,
    hideBelow: 808,
    largestFirst: true,
    sortValue: (image) => image.layers.length,
    cell: (image) => <LayerBar layers={image.layers} />,
  },
  {
    id: 'size',
    title: 'Size',
    width: 64,
    align: 'end',
    largestFirst: true,
    sortValue: (image) => image.size ?? image.unpackedSize,
    cell: (image) => <Bytes value={image.size ?? image.unpackedSize} />,
  },
  {
    id: 'unique',
    title: 'Only here',
    width: 70,
    align: 'end',
    largestFirst: true,
    sortValue: (image) => image.uniqueSize,
    cell: (image) => <Bytes value={image.uniqueSize} />,
  },
  {
    id: 'built',
    title: 'Built',
    width: 68,
    largestFirst: true,
    sortValue: (image) => image.createdAt,
    cell: (image) => (
      <span className={text.dim}>
        <Age at={image.createdAt} />
      </span>
    ),
  },
  {
    id: 'used',
    title: 'Used by',
    width: 84,
    grow: 1,
    hideBelow: 740,
    largestFirst: true,
    sortValue: (image) => image.usedBy.length,
    cell: (image) => <UsedByCell image={image} />,
  },
  { id: 'menu', title: 'Actions', hideTitle: true, width: 24, cell: (image) => <RowMenu image={image} /> },
];

function RepositoryCell({ image }: { readonly image: ImageSummary }): ReactNode {
  const repository = repositoryOf(image);
  if (repository === null)
    return (
      <div className={styles.name} title={image.id}>
        <span className={text.faint}>{imageName(image)}</span>
      </div>
    );
  const platforms = image.platforms ?? [];
  return (
    <div className={styles.repository}>
      <span className={styles.name}>
        <RepositoryName name={repository} />
      </span>
      {platforms.length > 1 && (
        <Chip tone="pill" title={platforms.map(({ platform }) => formatPlatform(platform)).join('\n')}>
          {formatCount(platforms.length, 'platform')}
        </Chip>
      )}
    </div>
  );
}

function TagsCell({ image }: { readonly image: ImageSummary }): ReactNode {
  const chips = chipsOf(image);
  if (chips.length === 0) return <Chip tone="pill">dangling</Chip>;
  const shown = chipsThatFit(chips);
  return (
    <div className={styles.tags}>
      {chips.slice(0, shown).map((chip) => (
        <Chip key={chip.name} title={chip.name}>
          {chip.text}
        </Chip>
      ))}
      {chips.length > shown ? (
        <span className={styles.more} title={image.names.join('\n')}>
          +{chips.length - shown}
        </span>
      ) : null}
    </div>
  );
}

function UsedByCell({ image }: { readonly image: ImageSummary }): ReactNode {
  const [first, ...others] = image.usedBy;
  if (first === undefined) return null;
  return (
    <Chip tone="pill" title={`Containers made from it: ${image.usedBy.join(', ')}`}>
      {others.length === 0 ? first : formatCount(image.usedBy.length, 'container')}
    </Chip>
  );
}
