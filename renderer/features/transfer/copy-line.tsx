import type { ReactNode } from 'react';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import text from '#renderer/styles/text.module.css';
import styles from './transfer.module.css';

/** A text to take along, with what it is. */
export function CopyLine(props: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <div className={text.dim}>{props.label}</div>
      <div className={styles.pinned}>
        <code>{props.value}</code>
        <CopyButton label={`Copy: ${props.label}`} text={props.value} />
      </div>
    </div>
  );
}
