import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ErrorView } from '#shared/contract/common.ts';
import { formatCount } from '#shared/format/count.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import type { BuildFacts } from './build-facts.ts';
import styles from './build-outcome.module.css';

interface BuildOutcomeProps {
  readonly build: BuildFacts;
  /** The error stands at its line already: here a short word is enough. */
  readonly isShownInSource: boolean;
  /** Builds once more; undefined where that is not possible. */
  readonly onAgain?: (() => void) | undefined;
}

/** What a build came to, and what to do next. Nothing while it runs. */
export function BuildOutcome({ build, isShownInSource, onAgain }: BuildOutcomeProps): ReactNode {
  switch (build.state) {
    case 'running':
      return null;
    case 'done':
      return <Success build={build} onAgain={onAgain} />;
    case 'failed':
      if (build.error === null) return null;
      return <Failure error={build.error} ms={build.ms} isShort={isShownInSource} onAgain={onAgain} />;
    case 'cancelled':
      return (
        <section className={classNames(styles.bar, styles.stopped)} aria-label="Result">
          <span className={styles.words} role="status">
            Cancelled{build.ms === null ? '' : ` after ${formatDuration(build.ms)}`}
          </span>
          <span className={classNames(text.dim, styles.message)}>Finished steps stay in the cache.</span>
          <Again onAgain={onAgain} />
        </section>
      );
  }
}

function Success({ build, onAgain }: Omit<BuildOutcomeProps, 'isShownInSource'>): ReactNode {
  const store = useAppStore();
  const image = imageOfBuild(build);
  if (image === null) return null;
  const { dialogs, navigation } = store.getState();
  const target = build.tags[0] ?? '';
  return (
    <section className={classNames(styles.bar, styles.success)} aria-label="Result">
      <span className={styles.mark} aria-hidden="true">
        ✓
      </span>
      <span className={styles.words} role="status">
        Built{build.ms === null ? '' : ` in ${formatDuration(build.ms)}`}
      </span>
      {build.tags.map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
      {build.platforms.length > 0 && (
        <Chip tone="pill" title={build.platforms.join('\n')}>
          {formatCount(build.platforms.length, 'platform')}
        </Chip>
      )}
      <span className={styles.digest} title={image.ref}>
        {shortenDigest(image.ref)}
      </span>
      <CopyButton label="Copy the digest" text={image.ref} />
      <span className={styles.grow} />
      <Button small onClick={() => navigation.go({ screen: 'image', engine: image.engine, ref: image.ref })}>
        Open image
      </Button>
      <Button small onClick={() => dialogs.show({ kind: 'tag-image', image })}>
        Tag…
      </Button>
      <Button small onClick={() => dialogs.show({ kind: 'push-image', image, target })}>
        Push…
      </Button>
      <Again onAgain={onAgain} />
    </section>
  );
}

interface FailureProps {
  readonly error: ErrorView;
  readonly ms: number | null;
  readonly isShort: boolean;
  readonly onAgain: (() => void) | undefined;
}

function Failure({ error, ms, isShort, onAgain }: FailureProps): ReactNode {
  const store = useAppStore();
  const host = error.code === 'unauthorized' && error.detail?.kind === 'registry' ? error.detail.host : null;
  const actions = (
    <>
      {host !== null && (
        <Button small onClick={() => store.getState().dialogs.show({ kind: 'sign-in', host })}>
          Sign in to {host}…
        </Button>
      )}
      <Again onAgain={onAgain} />
    </>
  );
  if (!isShort)
    return (
      <div className={styles.outcome}>
        <ErrorNotice error={error} actions={actions} />
      </div>
    );
  return (
    <section className={classNames(styles.bar, styles.failure)} aria-label="Result">
      <span className={styles.mark} aria-hidden="true">
        ✕
      </span>
      <span className={styles.words} role="status">
        Failed{ms === null ? '' : ` after ${formatDuration(ms)}`}
      </span>
      <span className={classNames(text.dim, text.ellipsis, styles.message)}>{error.message}</span>
      <CopyButton label="Copy the error" text={`${error.message}\n${error.hint ?? ''}\n(${error.code})`} />
      {actions}
    </section>
  );
}

function Again({ onAgain }: { readonly onAgain: (() => void) | undefined }): ReactNode {
  return onAgain === undefined ? null : (
    <Button small onClick={onAgain}>
      Build again
    </Button>
  );
}

/** The image that a build made, for the dialogs; null when it made none. */
export function imageOfBuild(build: BuildFacts): DialogImage | null {
  // The built-in store names images by manifest digest, Docker and Podman by image ID.
  const id = build.engine === 'builtin' ? build.digest : (build.imageId ?? build.digest);
  if (id === null) return null;
  return { engine: build.engine, id, ref: id, name: build.tags[0] ?? shortenDigest(id) };
}
