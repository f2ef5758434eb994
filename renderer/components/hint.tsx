import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import styles from './hint.module.css';

/** Words that appear beside an element under the pointer or with the focus. Never the only place of a fact. */
export function Hint(props: {
  readonly text: ReactNode;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly children: ReactElement<Record<string, unknown>>;
}): ReactNode {
  return (
    <Tooltip.Root
      onOpenChange={(open, details) => {
        // Escape means the dialog below as well, not the hint alone.
        if (!open && details.reason === 'escape-key') details.allowPropagation();
      }}
    >
      <Tooltip.Trigger render={props.children} />
      <Tooltip.Portal>
        <Tooltip.Positioner className={styles.positioner} side={props.side ?? 'bottom'} sideOffset={6}>
          <Tooltip.Popup className={styles.popup}>{props.text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
