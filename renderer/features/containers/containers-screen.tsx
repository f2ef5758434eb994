import { Box } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { EngineStatus } from '#shared/contract/engines.ts';
import { formatCount } from '#shared/format/count.ts';
import { isRunning } from './container-rows.ts';
import { ContainersBody } from './containers-body.tsx';
import { NoEngine } from './no-engine.tsx';

const NO_ENGINES: readonly EngineStatus[] = [];

/** The containers of every engine that is there. */
export function ContainersScreen(): ReactNode {
  const list = useApp((state) => state.containers.list);
  const load = useApp((state) => state.containers.load);
  const engines = useApp((state) => valueOr(state.engines.list, NO_ENGINES));
  // What an engine that is away could do is not known.
  const able = engines.filter((engine) => engine.can.containers || engine.state !== 'ready');
  const containers = list.status === 'ready' ? list.value.containers : [];
  return (
    <Screen
      title={
        <>
          <h1>Containers</h1>
          {containers.length > 0 && (
            <span className={text.faint}>
              {formatCount(containers.length, 'container')}, {containers.filter(isRunning).length} running
            </span>
          )}
        </>
      }
    >
      {engines.length > 0 && able.every((engine) => engine.state !== 'ready') ? (
        <NoEngine engines={able} />
      ) : (
        <RemoteView remote={list} what="containers" onRetry={() => void load()}>
          {(value) =>
            value.containers.length === 0 && value.failures.length === 0 ? (
              <EmptyState icon={Box} title="No containers">
                What you run with {able.map((engine) => engine.name).join(' or ')} appears here, running or
                stopped, with its ports and its log.
              </EmptyState>
            ) : (
              <ContainersBody list={value} />
            )
          }
        </RemoteView>
      )}
    </Screen>
  );
}
