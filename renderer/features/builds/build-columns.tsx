import { Chip } from '#renderer/components/chip.tsx';
import { Age, Duration } from '#renderer/components/quantity.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { TaggedName } from '#renderer/components/tagged-name.tsx';
import { splitName } from '#renderer/features/images/image-rows.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuildSummary } from '#shared/contract/builds.ts';
import { cachedShare } from './build-history.ts';
import { BuildState } from './build-state.tsx';
import styles from './builds.module.css';
import { Elapsed } from './elapsed.tsx';

/** How a build is called in a sentence. */
export function buildName(build: BuildSummary): string {
  return `build of ${build.name}, ${new Date(build.startedAt).toLocaleString()}`;
}

/** The columns of the builds table. */
export const BUILD_COLUMNS: readonly TableColumn<BuildSummary>[] = [
  {
    id: 'project',
    title: 'Project',
    width: 120,
    grow: 2,
    sortValue: (build) => build.name,
    cell: (build) => <span className={styles.project}>{build.name}</span>,
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 150,
    grow: 2,
    hideBelow: 930,
    cell: (build) => <Tags tags={build.tags} />,
  },
  {
    id: 'state',
    title: 'State',
    width: 92,
    sortValue: (build) => build.state,
    cell: (build) => <BuildState state={build.state} />,
  },
  {
    id: 'started',
    title: 'Started',
    width: 104,
    largestFirst: true,
    sortValue: (build) => build.startedAt,
    cell: (build) => <Age at={build.startedAt} ago />,
  },
  {
    id: 'duration',
    title: 'Time',
    width: 84,
    hideBelow: 660,
    align: 'end',
    largestFirst: true,
    sortValue: (build) => build.ms,
    cell: (build) => (build.ms === null ? <Elapsed since={build.startedAt} /> : <Duration ms={build.ms} />),
  },
  {
    id: 'cached',
    title: 'Cached',
    width: 122,
    largestFirst: true,
    sortValue: cachedShare,
    cell: (build) => <Cached build={build} />,
  },
  {
    id: 'saved',
    title: 'Saved',
    width: 84,
    align: 'end',
    hideBelow: 770,
    largestFirst: true,
    sortValue: (build) => build.savedMs,
    cell: (build) =>
      build.savedMs >= 100 ? <Duration ms={build.savedMs} /> : <span className={text.faint}>–</span>,
  },
  {
    id: 'engine',
    title: 'Engine',
    width: 110,
    hideBelow: 1030,
    sortValue: (build) => build.engine,
    cell: (build) => <EngineName id={build.engine} />,
  },
];

function EngineName({ id }: { readonly id: string }) {
  const name = useApp((state) => engineById(state.engines, id)?.name ?? id);
  return <span className={text.dim}>{name}</span>;
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  const [first, ...more] = tags;
  if (first === undefined) return <span className={text.faint}>no tag</span>;
  return (
    <>
      <Chip title={tags.join('\n')}>
        <TaggedName {...splitName(first)} />
      </Chip>
      {more.length > 0 && <span className={text.faint}> +{more.length}</span>}
    </>
  );
}

function Cached({ build }: { readonly build: BuildSummary }) {
  const share = cachedShare(build);
  if (share === null) return <span className={text.faint}>–</span>;
  return (
    <span className={styles.cached}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span className={text.number}>
        {build.hits} of {build.steps}
      </span>
    </span>
  );
}
