import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { ChipButton } from '#renderer/components/chip.tsx';
import { Notice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { PushCheck } from '#shared/contract/registries.ts';
import { ContentPair, type OtherContent } from './content-pair.tsx';
import styles from './moved-tag.module.css';
import type { TagMove } from './use-tag-move.ts';

/** A tag that names other content there and is not meant to move: the next version, a comparison, or on purpose. */
export function MovedTag(props: {
  readonly check: PushCheck;
  readonly remote: OtherContent;
  readonly move: TagMove;
  onVersion(version: string): void;
}): ReactNode {
  const { check, remote, move } = props;
  const { tag } = check;
  const store = useAppStore();
  const compare = (): void => {
    const { dialogs, navigation } = store.getState();
    if (check.localDigest === null) return;
    dialogs.close();
    const before = `${check.host}/${check.repository}@${remote.digest}`;
    navigation.go({ screen: 'compare', engine: 'registry', before, after: check.localDigest });
  };
  return (
    <Notice
      tone="warn"
      title={`${tag} already exists there${check.localDigest === null ? '' : ' and points to other content'}`}
      actions={
        <>
          <Button
            tone="link"
            unavailable={check.localDigest === null ? 'The digest of this image is not known.' : undefined}
            onClick={compare}
          >
            Compare the two
          </Button>
          {move.mayMove ? (
            <Button tone="link" onClick={() => move.onMove(false)}>
              Leave the tag where it is
            </Button>
          ) : (
            <Button tone="link" onClick={() => move.onMove(true)}>
              Move the tag on purpose
            </Button>
          )}
        </>
      }
    >
      {check.immutable === true
        ? `The tags of ${check.repository} are marked as immutable in Settings. `
        : ''}
      Whoever deploys {tag} would get different bytes.
      <ContentPair check={check} remote={remote} />
      {check.nextVersions.length === 0 ? null : (
        <div className={styles.versions}>
          <span className={text.dim}>Push as the next version:</span>
          {check.nextVersions.map((version) => (
            <ChipButton
              key={version}
              aria-label={`Push as ${version}`}
              onClick={() => props.onVersion(version)}
            >
              {version}
            </ChipButton>
          ))}
        </div>
      )}
      {move.mayMove && check.immutable === true ? (
        <TextField
          label={`Type ${tag} to move it all the same`}
          mono
          autoFocus
          className={styles.confirm}
          value={move.typed}
          onValue={move.onTyped}
        />
      ) : null}
    </Notice>
  );
}
