import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Notice } from '#renderer/components/notice.tsx';
import { useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { PushCheck } from '#shared/contract/registries.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { ContentPair } from './content-pair.tsx';
import { MovedTag } from './moved-tag.tsx';
import { mayMoveFreely } from './push-rule.ts';
import type { TagMove } from './use-tag-move.ts';

/** What the tag names in the registry now, and the ways on when that is other content. */
export function RemoteTag(props: {
  readonly check: PushCheck;
  readonly move: TagMove;
  onVersion(version: string): void;
}): ReactNode {
  const { check } = props;
  const { remote, tag } = check;
  switch (remote.state) {
    case 'absent':
      return (
        <Notice tone="ok">
          <b>{tag}</b> is not there yet.
        </Notice>
      );
    case 'same':
      return (
        <Notice tone="ok">
          <b>{tag}</b> is there already with the same content (
          <span className={text.mono} title={remote.digest}>
            {shortenDigest(remote.digest)}
          </span>
          ).
        </Notice>
      );
    case 'unknown':
      return (
        <Notice tone="warn" title="What the tag names there could not be asked">
          {remote.message} The push may work all the same.
        </Notice>
      );
    case 'different':
      if (!mayMoveFreely(check)) return <MovedTag {...props} remote={remote} />;
      return (
        <Notice actions={<FloatingNames />}>
          <b>{tag}</b> is a name that moves: it leaves what it names there and points to this image.
          <ContentPair check={check} remote={remote} />
        </Notice>
      );
  }
}

/** Where it is said which tags move. */
function FloatingNames(): ReactNode {
  const store = useAppStore();
  return (
    <Button
      tone="link"
      onClick={() => {
        const { dialogs, navigation } = store.getState();
        dialogs.close();
        navigation.go({ screen: 'settings' });
      }}
    >
      Choose which tags move
    </Button>
  );
}
