import { type ReactNode, useMemo } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageComparison } from '#shared/contract/images.ts';
import { shortenCommand } from '#shared/format/shorten.ts';
import styles from './compare.module.css';

/** The steps that made both images, newest first, those that meet in one line. */
export function HistoryDifferences({ comparison }: { readonly comparison: ImageComparison }): ReactNode {
  const { before, after } = comparison;
  const pairs = useMemo(() => [...comparison.history].reverse(), [comparison]);
  const words = (image: typeof before, at: number | null): string | null =>
    at === null ? null : shortenCommand(image.history[at]?.createdBy ?? '');
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>Before</th>
          <th className={styles.narrow}>
            <span className={text.hidden}>Change</span>
          </th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => {
          const [was, is] = [words(before, pair.before), words(after, pair.after)];
          return (
            <tr key={`${pair.before} ${pair.after}`} className={pair.same ? styles.quiet : undefined}>
              <td className={classNames(text.mono, styles.value)}>{was}</td>
              <td className={text.faint}>{linkWords(pair.same, was, is)}</td>
              <td className={classNames(text.mono, styles.value)}>{is}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function linkWords(same: boolean, was: string | null, is: string | null): string {
  if (same) return 'same';
  if (was === null) return '+ added';
  if (is === null) return '− removed';
  // The words are the same and the files are not.
  return was === is ? 'other files' : 'changed';
}
