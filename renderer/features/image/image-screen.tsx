import { type ReactNode, useMemo } from 'react';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { type TabEntry, Tabs } from '#renderer/components/tabs.tsx';
import { registryErrorActions } from '#renderer/features/registries/registry-error-actions.tsx';
import { ARCHIVE_ENGINE } from '#renderer/store/archive-slice.ts';
import { buildOfShownImage } from '#renderer/store/image-build-sync.ts';
import type { ImageTab } from '#renderer/store/image-slice.ts';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { ImageDetail, ImageSummary } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { AdviceTab } from './advice-tab.tsx';
import { AttachedTab } from './attached-tab.tsx';
import { ConfigTab } from './config-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { ImageActions, ImageCrumb, ImageTitle } from './image-header.tsx';
import { layerBuilds } from './layer-builds.ts';
import { LayerStack } from './layer-stack.tsx';
import { ManifestTab } from './manifest-tab.tsx';
import { NoFiles } from './no-files.tsx';
import { RemoteImageActions } from './remote-image-actions.tsx';
import { WasteTab } from './waste-tab.tsx';

/** The Image screen: the layer stack to scale, and what the chosen layer holds. */
export function ImageScreen({ imageRef }: { readonly engine: string; readonly imageRef: string }): ReactNode {
  const detail = useApp((state) => state.image.detail);
  const reload = useApp((state) => state.image.reload);
  const image = detail.status === 'ready' ? detail.value.summary : undefined;
  const refusal = detail.status === 'failed' ? detail.error : undefined;
  return (
    <Screen
      title={
        image === undefined ? (
          <>
            <ImageCrumb />
            <h1>{imageRef}</h1>
          </>
        ) : (
          <ImageTitle image={image} />
        )
      }
      actions={image === undefined ? undefined : <Actions detail={detail} image={image} />}
    >
      {refusal?.detail?.kind === 'registry' ? (
        <ErrorNotice centre error={refusal} actions={registryErrorActions(refusal, () => void reload())} />
      ) : (
        <RemoteView remote={detail} what="the image" onRetry={() => void reload()}>
          {(value) => <ImageBody detail={value} />}
        </RemoteView>
      )}
    </Screen>
  );
}

function Actions(props: { readonly detail: Remote<ImageDetail>; readonly image: ImageSummary }): ReactNode {
  const { detail, image } = props;
  const remote = detail.status === 'ready' ? detail.value.remote : undefined;
  return remote === undefined ? (
    <ImageActions image={image} />
  ) : (
    <RemoteImageActions image={image} remote={remote} />
  );
}

function ImageBody({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const store = useAppStore();
  const layer = useApp((state) => state.image.layer);
  const insight = useApp((state) => state.image.insight);
  const layers = useMemo(() => {
    const wasted = insight.status === 'ready' ? insight.value.wastedByLayer : [];
    return detail.layers.map((one) => ({ ...one, wastedBytes: wasted[one.index] ?? one.wastedBytes }));
  }, [detail, insight]);
  const record = useApp((state) => state.records.byId[buildOfShownImage(state)?.id ?? '']);
  const builds = useMemo(
    () => layerBuilds(detail.layers, record?.status === 'ready' ? record.value : undefined),
    [detail, record],
  );
  return (
    <SplitPane
      id="image"
      label="the layers"
      initial={410}
      min={240}
      minOther={400}
      start={
        <LayerStack
          layers={layers}
          builds={builds}
          baseName={detail.base?.name ?? null}
          uniqueSize={detail.summary.uniqueSize}
          chosen={layer}
          onChoose={(next) => store.getState().image.chooseLayer(next)}
        />
      }
      end={<ImageTabs detail={detail} />}
    />
  );
}

function ImageTabs({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const tab = useApp((state) => state.image.tab);
  const setTab = useApp((state) => state.image.setTab);
  const insight = useApp((state) => state.image.insight);
  const tabs = useMemo((): readonly TabEntry<ImageTab>[] => {
    const known = insight.status === 'ready' ? insight.value : undefined;
    const always: readonly TabEntry<ImageTab>[] = [
      { id: 'config', title: 'Config', content: () => <ConfigTab detail={detail} /> },
      { id: 'history', title: 'History', content: () => <HistoryTab detail={detail} /> },
      { id: 'manifest', title: 'Manifest', content: () => <ManifestTab detail={detail} /> },
      ...(detail.summary.engine === ARCHIVE_ENGINE
        ? []
        : [{ id: 'attached' as const, title: 'Attached', content: () => <AttachedTab detail={detail} /> }]),
    ];
    const files: TabEntry<ImageTab> = {
      id: 'files',
      title: 'Files',
      content: () => (detail.browsable ? <FilesTab /> : <NoFiles image={detail.summary} />),
    };
    if (!detail.browsable) return [files, ...always];
    const wasted = known?.waste.wastedBytes ?? 0;
    return [
      files,
      {
        id: 'waste',
        title: 'Waste',
        note:
          wasted === 0 ? undefined : (
            <span title="Unpacked bytes; the sizes of layers are compressed">{formatBytes(wasted)}</span>
          ),
        content: () => <WasteTab />,
      },
      {
        id: 'advice',
        title: 'Advice',
        note: known === undefined || known.advice.length === 0 ? undefined : known.advice.length,
        content: () => <AdviceTab />,
      },
      ...always,
    ];
  }, [detail, insight]);
  return <Tabs label="About the image" tabs={tabs} value={tab} onValue={setTab} />;
}
