import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { BuildState } from '#renderer/features/builds/build-state.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuiltFolder } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './built-folders.module.css';
import row from './projects.module.css';

const NONE: readonly BuiltFolder[] = [];
/** Rows that are shown until all are asked for. */
const FEW = 5;

/** What the command line built and the list of projects lacks, each with a button that adds it. */
export function BuiltFolders(): ReactNode {
  const store = useAppStore();
  const built = useApp((state) => valueOr(state.projects.built, NONE));
  const [isAll, setAll] = useState(false);
  // One more row takes no more room than the words that lead to it.
  const shown = isAll || built.length <= FEW + 1 ? built : built.slice(0, FEW);
  const { attempt, error, isBusy } = useAttempt();
  if (built.length === 0) return null;
  const add = (folder: BuiltFolder): void =>
    void attempt(() => store.getState().projects.addBuilt(folder.build));
  return (
    <section className={styles.built} aria-labelledby="built-folders">
      <h2 id="built-folders" className={styles.heading}>
        Built from the terminal
        <span className={text.faint}>{formatCount(built.length, 'folder')} not among the projects yet</span>
      </h2>
      {error !== null && <ErrorNotice error={error} />}
      <ul>
        {shown.map((folder) => (
          <li key={folder.build} className={row.row}>
            <span className={styles.names}>
              <span className={row.name}>{folder.name}</span>
              <span className={row.path}>{folder.displayPath}</span>
            </span>
            <span className={row.tags}>
              {folder.tags[0] !== undefined && <Chip>{folder.tags[0]}</Chip>}
              {folder.tags.length > 1 && <span className={text.faint}>+{folder.tags.length - 1}</span>}
            </span>
            <span className={row.last}>
              <BuildState state={folder.state} /> <Age at={folder.startedAt} ago />
            </span>
            <Button
              small
              icon={<Plus aria-hidden />}
              disabled={isBusy}
              aria-label={`Add ${folder.name}`}
              onClick={() => add(folder)}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
      {shown.length < built.length && (
        <Button tone="link" className={styles.all} onClick={() => setAll(true)}>
          Show all {built.length}
        </Button>
      )}
    </section>
  );
}
