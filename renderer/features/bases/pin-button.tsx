import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { useAppStore } from '#renderer/store/store-context.tsx';
import type { BaseUse } from '#shared/contract/bases.ts';
import { pinObstacle } from './base-words.ts';

/** Opens the preview of the line with a digest in it. */
export function PinButton(props: { readonly use: BaseUse; readonly small?: boolean }): ReactNode {
  const { use } = props;
  const store = useAppStore();
  return (
    <Button
      tone={props.small ? 'normal' : 'link'}
      small={props.small ?? false}
      unavailable={pinObstacle(use)}
      aria-label={`Pin ${use.written} in line ${use.line}`}
      onClick={() => store.getState().dialogs.show({ kind: 'pin-base', use })}
    >
      {use.state === 'pinned' ? 'Pin the newer one…' : 'Pin…'}
    </Button>
  );
}
