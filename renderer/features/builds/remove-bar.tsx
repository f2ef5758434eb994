import { Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Grow, ScreenBar } from '#renderer/components/screen.tsx';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { removeBuilds } from './remove-builds.ts';

/** What can be done with the ticked builds. */
export function RemoveBar(props: { readonly ids: readonly string[]; onClear(): void }): ReactNode {
  const store = useAppStore();
  return (
    <ScreenBar label="Selected builds" selected>
      <strong>{props.ids.length} selected</strong>
      <Grow />
      <Button
        small
        tone="danger"
        icon={<Trash2 aria-hidden />}
        onClick={() => removeBuilds(store, props.ids)}
      >
        Delete…
      </Button>
      <IconButton small label="Untick all" onClick={props.onClear}>
        <X aria-hidden />
      </IconButton>
    </ScreenBar>
  );
}
