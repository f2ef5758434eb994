import { GitCompare, Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Grow, ScreenBar } from '#renderer/components/screen.tsx';
import { useAppStore } from '#renderer/store/store-context.tsx';
import type { BuildSummary } from '#shared/contract/builds.ts';
import { inOrder } from './build-history.ts';
import { removeBuilds } from './remove-builds.ts';

/** What can be done with the ticked builds. */
export function SelectedBar(props: { readonly builds: readonly BuildSummary[]; onClear(): void }): ReactNode {
  const store = useAppStore();
  const [before, after, ...more] = inOrder(props.builds);
  const isPair = before !== undefined && after !== undefined && more.length === 0;
  const isRunning = props.builds.some(({ state }) => state === 'running');
  const obstacle = !isPair
    ? 'Tick two builds to compare them.'
    : isRunning
      ? 'One of them is still running.'
      : undefined;
  return (
    <ScreenBar label="Selected builds" selected>
      <strong>{props.builds.length} selected</strong>
      <Grow />
      <Button
        small
        icon={<GitCompare aria-hidden />}
        unavailable={obstacle}
        onClick={() => {
          if (isPair)
            store.getState().navigation.go({ screen: 'compare-builds', before: before.id, after: after.id });
        }}
      >
        Compare
      </Button>
      <Button
        small
        tone="danger"
        icon={<Trash2 aria-hidden />}
        onClick={() =>
          removeBuilds(
            store,
            props.builds.map(({ id }) => id),
          )
        }
      >
        Delete…
      </Button>
      <IconButton small label="Untick all" onClick={props.onClear}>
        <X aria-hidden />
      </IconButton>
    </ScreenBar>
  );
}
