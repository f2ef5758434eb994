import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { download } from '#renderer/components/download.ts';
import { Notice } from '#renderer/components/notice.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { Operation } from '#shared/contract/operations.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { CopyLine } from './copy-line.tsx';
import { Sent, Taken } from './exchange-outcome.tsx';

/** What a finished operation came to, with what one needs of it next. */
export function OperationOutcome({ operation }: { readonly operation: Operation }): ReactNode {
  const { result } = operation;
  const engine = useApp((state) => state.transfers.origins[operation.id]?.engine ?? 'builtin');
  switch (result?.kind) {
    case 'push':
      return (
        <Notice tone="ok" title={pushedWords(result)}>
          <CopyLine label="Digest" value={result.digest} />
          <CopyLine label="To deploy exactly these bytes" value={result.pinned} />
        </Notice>
      );
    case 'pull':
      return (
        <>
          <Notice
            tone="ok"
            title={`${result.reference} is here`}
            actions={<ShowImage engine={engine} imageRef={result.reference} />}
          >
            <CopyLine label="Digest" value={result.digest} />
          </Notice>
          {result.notice === undefined ? null : <Notice tone="warn">{result.notice}</Notice>}
        </>
      );
    case 'load':
      return (
        <Notice
          tone="ok"
          title={result.references.join(', ') || 'An image without a name'}
          actions={<ShowImage engine="builtin" imageRef={result.digest} />}
        >
          was taken into the store.
        </Notice>
      );
    case 'send':
      return <Sent sent={result} />;
    case 'take':
      return <Taken taken={result} actions={<ShowImage engine="builtin" imageRef={result.digest} />} />;
    case 'save':
      return <Saved path={result.path} url={result.url} bytes={result.bytes} />;
    default:
      return <Notice tone="ok" title="Finished" />;
  }
}

function pushedWords({
  reference,
  from,
}: {
  readonly reference: string;
  readonly from?: string | undefined;
}) {
  return from === undefined ? `${reference} is pushed` : `${from} is copied to ${reference}`;
}

function Saved(props: {
  readonly path: string | null;
  readonly url: string | null;
  readonly bytes: number;
}): ReactNode {
  const { path, url, bytes } = props;
  if (url !== null)
    return (
      <Notice
        tone="ok"
        title={`${formatBytes(bytes)} are ready`}
        actions={
          <Button small onClick={() => download(url)}>
            Download
          </Button>
        }
      />
    );
  if (path === null) return <Notice title="Nothing was saved" />;
  return (
    <Notice tone="ok" title={`${formatBytes(bytes)} saved`}>
      <CopyLine label="File" value={path} />
    </Notice>
  );
}

function ShowImage(props: { readonly engine: string; readonly imageRef: string }): ReactNode {
  const store = useAppStore();
  return (
    <Button
      small
      onClick={() => {
        const { dialogs, navigation } = store.getState();
        dialogs.close();
        navigation.go({ screen: 'image', engine: props.engine, ref: props.imageRef });
      }}
    >
      Show the image
    </Button>
  );
}
