import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import { CopyButton } from './copy-button.tsx';
import { ErrorDetails, errorText } from './error-details.tsx';
import styles from './notice.module.css';

/** What a notice is about. */
export type NoticeTone = 'info' | 'ok' | 'warn' | 'bad';

const ICONS = { info: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const;

/** A framed remark in the page or in a dialog. */
export function Notice(props: {
  readonly tone?: NoticeTone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons below the words. */
  readonly actions?: ReactNode;
  /** Something small on the right. */
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
}): ReactNode {
  const { tone = 'info' } = props;
  const Icon = ICONS[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames(styles.notice, tone !== 'info' && styles[tone], props.className)}
    >
      <Icon aria-hidden />
      <div className={styles.words}>
        {props.title === undefined ? null : <div className={styles.title}>{props.title}</div>}
        {props.children}
        {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
      </div>
      <div>{props.aside}</div>
    </div>
  );
}

/** An error in plain words: what happened, what to do, a button where one click mends it. */
export function ErrorNotice(props: {
  readonly error: ErrorView;
  readonly actions?: ReactNode;
  /** In the middle of a screen of its own. */
  readonly centre?: boolean;
}): ReactNode {
  const { message, hint } = props.error;
  return (
    <Notice
      tone="bad"
      title={message}
      actions={props.actions}
      aside={<CopyButton label="Copy the error" text={errorText(props.error)} />}
      className={props.centre ? styles.centre : undefined}
    >
      {hint === undefined ? null : <div className={styles.hint}>{hint}</div>}
      <ErrorDetails error={props.error} />
    </Notice>
  );
}
