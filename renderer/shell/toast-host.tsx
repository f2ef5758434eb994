import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { keepFocusOnScreen } from '#renderer/components/keep-focus.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { Toast } from '#renderer/store/toasts-slice.ts';
import styles from './toast-host.module.css';

const ICONS = { done: CircleCheck, info: Info, failed: CircleAlert } as const;

/**
 * Shows the notices in the corner, above a dialog too, whose work they may undo. Each goes after a while, but not
 * as long as the pointer or the focus is on it, or a dialog keeps the focus away from it.
 */
export function ToastHost(): ReactNode {
  const items = useApp((state) => state.toasts.items);
  return createPortal(
    <section
      ref={keepFocusOnScreen}
      className={styles.region}
      aria-label="Notices"
      aria-live="polite"
      aria-relevant="additions"
    >
      {items.map((toast) => (
        <ToastBox key={toast.id} toast={toast} />
      ))}
    </section>,
    document.body,
  );
}

function ToastBox({ toast }: { readonly toast: Toast }): ReactNode {
  const dismiss = useApp((state) => state.toasts.dismiss);
  const isDialogOpen = useApp((state) => state.dialogs.open !== null);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld || isDialogOpen) return;
    const timer = setTimeout(
      () => dismiss(toast.id),
      toast.tone === 'failed' || toast.action ? 10_000 : 5_000,
    );
    return () => clearTimeout(timer);
  }, [isHeld, isDialogOpen, toast, dismiss]);
  const Icon = ICONS[toast.tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer and the focus only hold the notice.
    <div
      role={toast.tone === 'failed' ? 'alert' : 'status'}
      className={styles.toast}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon aria-hidden />
      <div className={styles.words}>
        <div className={styles.title}>{toast.title}</div>
        {toast.detail === undefined ? null : <div className={styles.detail}>{toast.detail}</div>}
      </div>
      {toast.action === undefined ? (
        <span />
      ) : (
        <Button
          small
          onClick={() => {
            toast.action?.run();
            dismiss(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton small label="Dismiss" onClick={() => dismiss(toast.id)}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
