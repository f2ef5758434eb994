import type { ReactNode } from 'react';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import type { SettingsChange } from '#renderer/store/settings-slice.ts';
import { useApp } from '#renderer/store/store-context.tsx';

/** Changes settings, one change after the other; what the host refuses is `problem`, to be shown beside the control. */
export function useChange(): {
  change(change: SettingsChange): Promise<void>;
  readonly problem: ReactNode;
} {
  const update = useApp((state) => state.settings.update);
  const { attempt, error } = useAttempt({ several: true });
  return {
    change: (change) => attempt(() => update(change)),
    problem: error === null ? null : <ErrorNotice error={error} />,
  };
}
