import { Equal } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageComparison } from '#shared/contract/images.ts';
import styles from './compare.module.css';

/** The settings in which the images differ. */
export function ConfigDifferences({ config }: { readonly config: ImageComparison['config'] }): ReactNode {
  if (config.length === 0)
    return (
      <EmptyState icon={Equal} title="The config is the same">
        Both images start in the same way.
      </EmptyState>
    );
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>Setting</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {config.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td className={text.bad}>
              <Value sign="−" value={before} />
            </td>
            <td className={text.ok}>
              <Value sign="+" value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value(props: { readonly sign: string; readonly value: string | null }): ReactNode {
  if (props.value === null) return <span className={text.faint}>not set</span>;
  return (
    <span className={classNames(text.mono, styles.value)}>
      {props.sign} {props.value}
    </span>
  );
}
