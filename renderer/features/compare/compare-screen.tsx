import { ArrowLeftRight, ClipboardCopy } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { copyText } from '#renderer/components/copy-button.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { Tabs } from '#renderer/components/tabs.tsx';
import { imageName, repositoryOf, splitName } from '#renderer/features/images/image-rows.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageComparison, ImageSummary } from '#shared/contract/images.ts';
import { formatNumber } from '#shared/format/count.ts';
import styles from './compare.module.css';
import { ComparedStacks } from './compared-stacks.tsx';
import { comparisonFigures, comparisonText } from './comparison-words.ts';
import { ConfigDifferences } from './config-differences.tsx';
import { DifferentFiles } from './different-files.tsx';
import { HistoryDifferences } from './history-differences.tsx';
import { ReadBefore } from './read-before.tsx';

/** The Compare screen: how one image differs from another, in layers, files and settings. */
export function CompareScreen(): ReactNode {
  const result = useApp((state) => state.comparison.result);
  const reload = useApp((state) => state.comparison.reload);
  const unread = useApp((state) => state.comparison.unread);
  const comparison = valueOr(result, undefined);
  return (
    <Screen
      title={
        <>
          <a className={styles.crumb} href={formatRoute({ screen: 'images' })}>
            Images /
          </a>
          {comparison === undefined ? <h1>Compare</h1> : <Title comparison={comparison} />}
        </>
      }
      actions={comparison === undefined ? undefined : <Actions comparison={comparison} />}
    >
      {unread.length > 0 ? (
        <ReadBefore unread={unread} />
      ) : (
        <RemoteView remote={result} what="how they differ" onRetry={() => void reload()}>
          {(value) => <Comparison comparison={value} />}
        </RemoteView>
      )}
    </Screen>
  );
}

function Title({ comparison }: { readonly comparison: ImageComparison }): ReactNode {
  const [before, after] = [comparison.before.summary, comparison.after.summary];
  const repository = repositoryOf(before);
  const isOne = repository !== null && repository === repositoryOf(after);
  return (
    <>
      <h1 title={isOne ? repository : undefined}>
        Compare
        <span className={text.hidden}>
          {' '}
          {imageName(before)} with {imageName(after)}
        </span>
        {isOne ? ` ${repository}` : ''}
      </h1>
      <span className={styles.names}>
        <ImageChip image={before} short={isOne} />
        <span className={text.faint} aria-hidden>
          →
        </span>
        <ImageChip image={after} short={isOne} />
      </span>
    </>
  );
}

/** The name of one of the two, which leads to it. */
function ImageChip({ image, short }: { readonly image: ImageSummary; readonly short: boolean }): ReactNode {
  const name = imageName(image);
  return (
    <a className={styles.chip} href={formatRoute({ screen: 'image', engine: image.engine, ref: image.id })}>
      <Chip title={`${name}\n${image.id}`}>{short ? splitName(name).tag : name}</Chip>
    </a>
  );
}

function Actions({ comparison }: { readonly comparison: ImageComparison }): ReactNode {
  const store = useAppStore();
  const swap = (): void => {
    const { navigation } = store.getState();
    const { route } = navigation;
    if (route.screen === 'compare') navigation.go({ ...route, before: route.after, after: route.before });
  };
  const copy = async (): Promise<void> => {
    const { comparison: slice, toasts } = store.getState();
    await copyText(comparisonText(comparison, slice.differences.rows, slice.differences.total));
    toasts.add({ tone: 'info', title: 'Comparison copied as text' });
  };
  return (
    <>
      <Button icon={<ArrowLeftRight aria-hidden />} onClick={swap}>
        Swap
      </Button>
      <Button icon={<ClipboardCopy aria-hidden />} onClick={() => void copy()}>
        Copy as text
      </Button>
    </>
  );
}

function Comparison({ comparison }: { readonly comparison: ImageComparison }): ReactNode {
  const tab = useApp((state) => state.comparison.tab);
  const setTab = useApp((state) => state.comparison.setTab);
  const figures = useMemo(() => comparisonFigures(comparison), [comparison]);
  const { files, config } = comparison;
  const differing = files.added + files.changed + files.removed;
  return (
    <>
      <ul className={styles.figures} aria-label="In short">
        {figures.map(({ title, note }) => (
          <li key={title} title={note}>
            <b>{title}</b>
            {note}
          </li>
        ))}
      </ul>
      <SplitPane
        id="compare"
        label="the stacks"
        direction="column"
        initial={262}
        min={80}
        minOther={200}
        start={<ComparedStacks comparison={comparison} />}
        end={
          <Tabs
            label="How they differ"
            value={tab}
            onValue={setTab}
            tabs={[
              {
                id: 'files',
                title: 'Files',
                note: differing === 0 ? undefined : formatNumber(differing),
                content: () => <DifferentFiles isSame={differing === 0} />,
              },
              {
                id: 'config',
                title: 'Config',
                note: config.length === 0 ? undefined : config.length,
                content: () => <ConfigDifferences config={config} />,
              },
              {
                id: 'history',
                title: 'History',
                content: () => <HistoryDifferences comparison={comparison} />,
              },
            ]}
          />
        }
      />
    </>
  );
}
