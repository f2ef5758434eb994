import type { ReactNode } from 'react';
import type { Remote } from '#renderer/store/remote.ts';
import { Button } from './button.tsx';
import { EngineAway } from './engine-away.tsx';
import styles from './loading.module.css';
import { ErrorNotice } from './notice.tsx';

/** Draws what the host knows in each of its states: waiting, failed with a way to try again, or ready. */
export function RemoteView<T>(props: {
  readonly remote: Remote<T>;
  /** What is being loaded, for the words: "images". */
  readonly what: string;
  onRetry(): void;
  /** Further ways on after a failure. */
  readonly actions?: ReactNode;
  children(value: T): ReactNode;
}): ReactNode {
  const { remote } = props;
  switch (remote.status) {
    case 'idle':
    case 'loading':
      return <Loading what={props.what} />;
    case 'failed':
      if (remote.error.code === 'engine-unavailable')
        return <EngineAway error={remote.error} onRetry={props.onRetry} />;
      return (
        <ErrorNotice
          centre
          error={remote.error}
          actions={
            <>
              {props.actions}
              <Button small onClick={props.onRetry}>
                Try again
              </Button>
            </>
          }
        />
      );
    case 'ready':
      return props.children(remote.value);
  }
}

/** A small sign of waiting; it appears only after a moment, so that quick answers do not flicker. */
export function Loading(props: { readonly what: string }): ReactNode {
  return (
    <div className={styles.loading} role="status">
      <span className={styles.spinner} aria-hidden />
      Loading {props.what}…
    </div>
  );
}
