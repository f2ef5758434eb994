import type { EnginesSlice } from '#renderer/store/engines-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import type { EngineStatus } from '#shared/contract/engines.ts';

const NONE: readonly EngineStatus[] = [];

/** The engines that answer and that images can be sent to: Docker and Podman. */
export function exchangeEngines(engines: Pick<EnginesSlice, 'list'>): readonly EngineStatus[] {
  return valueOr(engines.list, NONE).filter(
    ({ id, state }) => state === 'ready' && (id === 'docker' || id === 'podman'),
  );
}
