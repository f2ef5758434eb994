import type { ReactNode } from 'react';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { SettingsView } from '#shared/contract/settings.ts';

/** Changes settings; what the host refuses is `problem`, to be shown beside the control. */
export function useChange(): {
  change(patch: Partial<SettingsView>): Promise<void>;
  readonly problem: ReactNode;
} {
  const update = useApp((state) => state.settings.update);
  const { attempt, error } = useAttempt();
  return {
    change: (patch) => attempt(() => update(patch)),
    problem: error === null ? null : <ErrorNotice error={error} />,
  };
}
