import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import { IconButton } from './button.tsx';
import styles from './dialog-frame.module.css';
import { useReturnFocus } from './use-return-focus.ts';

/** Props of {@link DialogFrame}. */
export interface DialogFrameProps {
  readonly title: ReactNode;
  readonly size?: 'small' | 'normal' | 'wide';
  readonly children: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly actions: ReactNode;
  /** A quiet sentence on the left of the buttons. */
  readonly note?: ReactNode;
  onClose(): void;
  /** Enter in a field of the dialog. */
  onSubmit?(): void;
}

/** The frame of every dialog: title, body that scrolls, buttons. Escape and a click outside close it. */
export function DialogFrame(props: DialogFrameProps): ReactNode {
  const { size = 'normal', onSubmit } = props;
  const popup = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus();
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          ref={popup}
          className={classNames(styles.popup, size !== 'normal' && styles[size])}
          initialFocus={() => firstFocus(popup.current)}
          finalFocus={returnFocus}
        >
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{props.title}</Dialog.Title>
            <IconButton label="Close" small onClick={props.onClose}>
              <X aria-hidden />
            </IconButton>
          </div>
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              // Events of a dialog above this one come through React's tree, not through the page's.
              event.stopPropagation();
              onSubmit?.();
            }}
          >
            <div className={styles.body}>{props.children}</div>
            <div className={styles.foot}>
              <span className={styles.note}>{props.note}</span>
              {props.actions}
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A field where there is one, else the button that goes on, else the first button: never the cross. */
function firstFocus(popup: HTMLElement | null): HTMLElement | null {
  const chosen = popup?.contains(document.activeElement) ? document.activeElement : null;
  if (chosen instanceof HTMLElement && chosen !== popup) return chosen;
  const field = popup?.querySelector<HTMLElement>(
    `.${styles.body} :is(input, textarea, [role=radio][tabindex="0"])`,
  );
  const button =
    popup?.querySelector<HTMLElement>(`.${styles.foot} [data-primary]`) ??
    popup?.querySelector<HTMLElement>(`.${styles.foot} button`);
  return field ?? button ?? null;
}
