import type { AppStore } from '#renderer/store/app-store.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { formatCount } from '#shared/format/count.ts';
import { buildName } from './build-columns.tsx';

/** More names than this are not listed in the question. */
const MOST = 8;

/** Asks, then deletes records of builds; `after` is called when they are gone. */
export function removeBuilds(store: AppStore, ids: readonly string[], after?: () => void): void {
  const { builds, dialogs } = store.getState();
  const chosen = valueOr(builds.list, []).filter((build) => ids.includes(build.id));
  const names = chosen.map(buildName);
  const more = names.length > MOST ? [`and ${names.length - MOST} more`] : [];
  dialogs.show({
    kind: 'confirm',
    title: ids.length === 1 ? 'Delete this build?' : `Delete ${formatCount(ids.length, 'build')}?`,
    message: 'Their records and logs are deleted for good. Images that they made and the build cache stay.',
    items: [...names.slice(0, MOST), ...more],
    confirm: 'Delete',
    danger: true,
    run: async () => {
      await builds.remove(ids);
      after?.();
    },
  });
}
