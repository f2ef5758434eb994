import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Notice } from '#renderer/components/notice.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { PushCheck } from '#shared/contract/registries.ts';
import { shortenDigest } from '#shared/format/shorten.ts';

/** What the tag names in the registry now, and the ways on when that is other content. */
export function RemoteTag(props: {
  readonly check: PushCheck;
  readonly mayMove: boolean;
  onMove(): void;
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
          <span className={text.mono}>{shortenDigest(remote.digest)}</span>).
        </Notice>
      );
    case 'unknown':
      return (
        <Notice tone="warn" title="What the tag names there could not be asked">
          {remote.message} The push may work all the same.
        </Notice>
      );
    case 'different':
      return check.floating ? (
        <Floating check={check} remote={remote} />
      ) : (
        <Different {...props} remote={remote} />
      );
  }
}

type Other = Extract<PushCheck['remote'], { state: 'different' }>;

function Floating({ check, remote }: { readonly check: PushCheck; readonly remote: Other }): ReactNode {
  return (
    <Notice>
      <b>{check.tag}</b> is a name that moves. It leaves <Where remote={remote} /> and points to this image.
    </Notice>
  );
}

function Different(props: {
  readonly check: PushCheck;
  readonly remote: Other;
  readonly mayMove: boolean;
  onMove(): void;
  onVersion(version: string): void;
}): ReactNode {
  const { check, remote, mayMove } = props;
  const [next] = check.nextVersions;
  return (
    <Notice
      tone="warn"
      title={`${check.tag} already exists there${check.localDigest === null ? '' : ' and points to other content'}`}
      actions={
        <>
          {next === undefined ? null : (
            <Button tone="link" onClick={() => props.onVersion(next)}>
              Push as {next}
            </Button>
          )}
          <CompareBoth there={remote.digest} here={check.localDigest} />
          {mayMove ? (
            <span>The tag will be moved.</span>
          ) : (
            <Button tone="link" onClick={props.onMove}>
              Move the tag anyway
            </Button>
          )}
        </>
      }
    >
      It names <Where remote={remote} />.{' '}
      {check.localDigest === null ? (
        'This engine tells the digest of its image only after a push, so whether the content differs cannot be said.'
      ) : (
        <>
          Whoever deploys {check.tag} would get different bytes (
          <span className={text.mono}>{shortenDigest(check.localDigest)}</span>).
        </>
      )}
    </Notice>
  );
}

/** Leads to the comparison where the store holds both; what lies in the registry alone would have to be pulled first. */
function CompareBoth(props: { readonly there: string; readonly here: string | null }): ReactNode {
  const { there, here } = props;
  const store = useAppStore();
  const hasBoth = useApp((state) => {
    const ids = valueOr(state.images.list, []).map((image) => image.id);
    return here !== null && ids.includes(there) && ids.includes(here);
  });
  const compare = (): void => {
    const { dialogs, navigation, images } = store.getState();
    if (here === null) return;
    dialogs.close();
    navigation.go({ screen: 'compare', engine: images.engine, before: there, after: here });
  };
  return (
    <Button
      tone="link"
      unavailable={hasBoth ? undefined : 'The image there is not in this store. Pull it by its digest first.'}
      onClick={compare}
    >
      Compare the two
    </Button>
  );
}

function Where({ remote }: { readonly remote: Other }): ReactNode {
  return (
    <>
      <span className={text.mono} title={remote.digest}>
        {shortenDigest(remote.digest)}
      </span>
      {remote.createdAt === null ? null : (
        <>
          , built <Age at={remote.createdAt} ago />
        </>
      )}
    </>
  );
}
