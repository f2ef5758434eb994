import type { ReactNode } from 'react';
import { Chip } from '#renderer/components/chip.tsx';
import { ExternalLink } from '#renderer/components/external-link.tsx';
import type { TableColumn } from '#renderer/components/table/table-column.ts';
import { type ContainerAction, containerKey } from '#renderer/store/containers-slice.ts';
import { engineById } from '#renderer/store/engines-slice.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { ContainerActions } from './container-actions.tsx';
import { isRunning, portsOf, statusWords } from './container-rows.ts';
import styles from './containers.module.css';

/** The columns of the containers table. */
export const CONTAINER_COLUMNS: readonly TableColumn<ContainerSummary>[] = [
  {
    id: 'name',
    title: 'Name',
    width: 140,
    grow: 4,
    sortValue: (container) => container.name,
    cell: (container) => <Name container={container} />,
  },
  {
    id: 'image',
    title: 'Image',
    width: 150,
    grow: 3,
    sortValue: (container) => container.image,
    cell: (container) => <ImageName container={container} />,
  },
  {
    id: 'status',
    title: 'State',
    width: 130,
    grow: 2,
    sortValue: (container) => container.status,
    cell: (container) => <State container={container} />,
  },
  {
    id: 'ports',
    title: 'Ports',
    width: 104,
    grow: 1,
    cell: (container) => <Ports container={container} />,
  },
  {
    id: 'engine',
    title: 'Engine',
    width: 76,
    hideBelow: 860,
    sortValue: (container) => container.engine,
    cell: (container) => <EngineName id={container.engine} />,
  },
  {
    id: 'actions',
    title: 'Actions',
    hideTitle: true,
    width: 84,
    align: 'end',
    cell: (container) => <ContainerActions container={container} />,
  },
];

function Name({ container }: { readonly container: ContainerSummary }): ReactNode {
  const state = isRunning(container)
    ? styles.running
    : container.state === 'dead'
      ? styles.dead
      : styles.stopped;
  return (
    <span className={styles.name} title={container.command}>
      <span className={classNames(styles.dot, state)} role="img" aria-label={container.state} />
      <span className={text.ellipsis} title={container.name}>
        {container.name}
      </span>
    </span>
  );
}

const DOING: Readonly<Record<ContainerAction, string>> = {
  start: 'Starting…',
  stop: 'Stopping…',
  restart: 'Restarting…',
  remove: 'Removing…',
};

/** What is being done with it, which may take seconds, else how it stands. */
function State({ container }: { readonly container: ContainerSummary }): ReactNode {
  const action = useApp((state) => state.containers.busy.get(containerKey(container)));
  const words = action === undefined ? statusWords(container.status) : DOING[action];
  return (
    <span className={classNames(text.dim, text.ellipsis)} title={container.status}>
      {words}
    </span>
  );
}

function ImageName({ container }: { readonly container: ContainerSummary }): ReactNode {
  return (
    <span className={styles.image}>
      <span className={classNames(text.mono, text.ellipsis)} title={container.imageId}>
        {container.image}
      </span>
      {container.outdated && (
        <Chip tone="warn" title={`${container.image} names a newer image than the one this container runs.`}>
          outdated
        </Chip>
      )}
    </span>
  );
}

function Ports({ container }: { readonly container: ContainerSummary }): ReactNode {
  const ports = portsOf(container, window.location.hostname || 'localhost');
  if (ports.length === 0) return <span className={text.faint}>–</span>;
  return (
    <span className={styles.ports}>
      {ports.map((port) =>
        port.url === null ? (
          <span key={port.text} className={text.dim}>
            {port.text}
          </span>
        ) : (
          <ExternalLink key={port.text} url={port.url}>
            {port.text}
          </ExternalLink>
        ),
      )}
    </span>
  );
}

function EngineName({ id }: { readonly id: string }): ReactNode {
  const name = useApp((state) => engineById(state.engines, id)?.name ?? id);
  return <span className={text.dim}>{name}</span>;
}
