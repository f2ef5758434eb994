import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useCallback, useRef } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import { IconButton } from './button.tsx';
import styles from './dialog-frame.module.css';
import { watchLostFocus } from './keep-focus.ts';
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
  const popup = useRef<HTMLDivElement | null>(null);
  const returnFocus = useReturnFocus();
  const hold = useCallback((box: HTMLDivElement) => {
    popup.current = box;
    // Such as "Cancel" at the end of what it would have cancelled.
    return watchLostFocus(box, () => firstFocus(box)?.focus());
  }, []);
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          ref={hold}
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
            onKeyDown={submitFromChoice}
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

/** Enter does it from a choice as it does from a field: the library's choices are no inputs of the form. */
function submitFromChoice(event: KeyboardEvent<HTMLFormElement>): void {
  const { target, currentTarget } = event;
  if (event.key !== 'Enter' || !(target instanceof Element) || !currentTarget.contains(target)) return;
  if (!target.matches('[role=radio], [role=checkbox]')) return;
  event.preventDefault();
  currentTarget.querySelector<HTMLButtonElement>('[type=submit]')?.click();
}

/** A field where there is one, else the button that goes on, else the first that can be pressed: never the cross. */
function firstFocus(popup: HTMLElement | null): HTMLElement | null {
  const chosen = popup?.contains(document.activeElement) ? document.activeElement : null;
  if (chosen instanceof HTMLElement && chosen !== popup) return chosen;
  const field = popup?.querySelector<HTMLElement>(
    `.${styles.body} :is(input, textarea, [role=radio][tabindex="0"]):not(:disabled)`,
  );
  const button =
    popup?.querySelector<HTMLElement>(`.${styles.foot} [data-primary]:not(:disabled)`) ??
    popup?.querySelector<HTMLElement>(`.${styles.foot} button:not(:disabled)`);
  return field ?? button ?? null;
}
