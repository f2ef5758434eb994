import { Activity, Download, Ellipsis, FileText, GitCompare, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { saveDownload } from '#renderer/commands/save-download.ts';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Menu } from '#renderer/components/menu.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { BuildSummary, TraceFormat } from '#shared/contract/builds.ts';
import { buildBefore } from './build-history.ts';
import { removeBuilds } from './remove-builds.ts';

const NO_BUILDS: readonly BuildSummary[] = [];

/** Compares a build with the one of the same project before it. */
export function CompareWithBefore({ build }: { readonly build: BuildSummary }): ReactNode {
  const navigation = useApp((state) => state.navigation);
  const list = useApp((state) => valueOr(state.builds.list, NO_BUILDS));
  const before = buildBefore(list, build);
  return (
    <Button
      icon={<GitCompare aria-hidden />}
      unavailable={before === undefined ? 'No earlier build of this project is kept.' : undefined}
      onClick={() => {
        if (before !== undefined)
          navigation.go({ screen: 'compare-builds', before: before.id, after: build.id });
      }}
    >
      Compare with the one before
    </Button>
  );
}

/** What can be saved of a build, and deleting it. */
export function BuildMenu({ build }: { readonly build: BuildSummary }): ReactNode {
  const store = useAppStore();
  const { records, navigation } = store.getState();
  const saveTrace = (format: TraceFormat) => (): void =>
    void saveDownload(store, 'Trace saved', () => records.saveTrace(build.id, format));
  return (
    <Menu
      align="end"
      items={[
        {
          label: 'Save all logs…',
          icon: <FileText aria-hidden />,
          run: () => void saveDownload(store, 'Logs saved', () => records.saveLog(build.id, null)),
        },
        {
          label: 'Save the trace for Chrome…',
          note: 'Perfetto',
          icon: <Activity aria-hidden />,
          run: saveTrace('chrome'),
        },
        {
          label: 'Save the trace as OTLP…',
          note: 'OpenTelemetry',
          icon: <Download aria-hidden />,
          run: saveTrace('otlp'),
        },
        'separator',
        {
          label: 'Delete this build…',
          icon: <Trash2 aria-hidden />,
          danger: true,
          run: () => removeBuilds(store, [build.id], () => navigation.go({ screen: 'builds' })),
        },
      ]}
    >
      <IconButton label="More for this build">
        <Ellipsis aria-hidden />
      </IconButton>
    </Menu>
  );
}
