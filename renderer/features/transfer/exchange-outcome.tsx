import type { ReactNode } from 'react';
import { Notice } from '#renderer/components/notice.tsx';
import text from '#renderer/styles/text.module.css';
import type { operationResult } from '#shared/contract/operations.ts';
import { CopyLine } from './copy-line.tsx';

type Result<Kind extends string> = Extract<(typeof operationResult)['_output'], { kind: Kind }>;

/** What came of sending an image to Docker or Podman, with the line that runs it there. */
export function Sent({ sent }: { readonly sent: Result<'send'> }): ReactNode {
  const { reference, engine, imageId, digest, run, wasThere } = sent;
  const title = wasThere ? `${engine} had this image already` : `${reference} is in ${engine}`;
  return (
    <Notice tone="ok" title={title}>
      {wasThere ? <p>It has the name {reference} there now; nothing had to be sent.</p> : null}
      <CopyLine label="Run it" value={run} />
      <CopyLine label="Image ID, the same on both sides" value={imageId} />
      <CopyLine label="Digest in Strata" value={digest} />
    </Notice>
  );
}

/** What came of taking an image out of Docker or Podman. */
export function Taken(props: { readonly taken: Result<'take'>; readonly actions: ReactNode }): ReactNode {
  const { references, engine, imageId, digest, repacked, wasHere } = props.taken;
  const name = references.join(', ') || 'An image without a name';
  return (
    <Notice
      tone="ok"
      title={wasHere ? `${name} was here already` : `${name} is here`}
      actions={props.actions}
    >
      <CopyLine label={`Image ID, the same as in ${engine}`} value={imageId} />
      <CopyLine label="Digest in Strata" value={digest} />
      {repacked ? (
        <p className={text.dim}>
          {engine} gave the layers unpacked, and they were compressed here. The files are the same; where the
          image came from a registry, its digest there may be another.
        </p>
      ) : null}
    </Notice>
  );
}
