import type { ImageDetail } from '#shared/contract/images.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { hasUnreadLayers } from './unread-layers.ts';

/** The views beside the layer stack. */
export type ImageTab = 'files' | 'waste' | 'advice' | 'config' | 'history' | 'manifest' | 'attached';

/** What hides in the layers, and what could be done about it. */
export interface ImageInsight {
  readonly waste: {
    readonly wastedBytes: number;
    readonly efficiency: number;
    readonly items: readonly {
      readonly path: string;
      readonly bytes: number;
      readonly copies: number;
      readonly kind: 'replaced' | 'removed';
    }[];
  };
  readonly advice: readonly {
    readonly title: string;
    readonly detail: string;
    readonly bytes: number | null;
    readonly layer: number | null;
  }[];
  /** Bytes of each layer that later ones hide, by its index. */
  readonly wastedByLayer: readonly number[];
}

/** The one image that the Image screen shows. */
export interface ImageSlice {
  readonly engine: string;
  readonly ref: string;
  readonly detail: Remote<ImageDetail>;
  readonly insight: Remote<ImageInsight>;
  /** Index of the chosen layer; -1 before the image is there. */
  readonly layer: number;
  readonly tab: ImageTab;
  /** Shows an image, with its newest layer chosen. */
  open(engine: string, ref: string): Promise<void>;
  /** Asks for the same image again; a layer that is still there stays chosen. */
  reload(): Promise<void>;
  chooseLayer(layer: number): void;
  /** The operation that reads layers of the shown image, null while none does. */
  readonly reading: string | null;
  /** Reads layers at their registry, so that their files can be listed; rejects with its refusal. */
  readLayers(layers: readonly number[]): Promise<void>;
  /** What {@link readLayers} began has ended: what it learnt is asked for. */
  endReading(): Promise<void>;
  setTab(tab: ImageTab): void;
}

/** Makes the image slice. */
export const createImageSlice: SliceCreator<ImageSlice> = (tools) => {
  const details = createLoader();
  const insights = createLoader();

  const applyDetail = (detail: Remote<ImageDetail>): void => {
    tools.set({ detail });
    if (detail.status !== 'ready') return;
    const { layers, browsable } = detail.value;
    const { layer } = tools.own();
    if (layer >= 0 && layer < layers.length) return;
    tools.set({ layer: layers.length - 1, tab: browsable ? tools.own().tab : 'history' });
    if (browsable) void tools.state().files.open();
  };
  const load = async (fresh: boolean): Promise<void> => {
    const { engine, ref } = tools.own();
    const address = { engine, ref };
    await details.load(
      tools.own().detail,
      (signal) => tools.client.images.get(address, { signal }),
      applyDetail,
      { fresh },
    );
    const { detail } = tools.own();
    // By now another image may be shown.
    if (tools.own().engine !== engine || tools.own().ref !== ref) return;
    // Of an image at a registry this would fetch every layer.
    if (detail.status !== 'ready' || !detail.value.browsable || hasUnreadLayers(detail.value)) return;
    await insights.load<ImageInsight>(
      tools.own().insight,
      (signal) => tools.client.images.waste(address, { signal }),
      (insight) => tools.set({ insight }),
      { fresh },
    );
  };

  return {
    engine: '',
    ref: '',
    detail: IDLE,
    insight: IDLE,
    layer: -1,
    reading: null,
    tab: 'files',
    open: (engine, ref) => {
      const { own } = tools;
      if (own().engine === engine && own().ref === ref && own().detail.status === 'ready') return load(false);
      insights.stop();
      tools.set({ engine, ref, layer: -1, reading: null, tab: 'files', insight: IDLE });
      tools.state().files.clear();
      return load(true);
    },
    reload: () => load(false),
    chooseLayer: (layer) => {
      const { detail, layer: before } = tools.own();
      if (detail.status !== 'ready' || layer === before || detail.value.layers[layer] === undefined) return;
      tools.set({ layer });
      if (detail.value.browsable) void tools.state().files.open();
    },
    readLayers: async (layers) => {
      const { engine, ref } = tools.own();
      const input = { engine, ref, layers: [...layers] };
      const { operationId } = await tools.client.images.readLayers(input);
      tools.state().operations.watch(operationId);
      if (tools.own().engine === engine && tools.own().ref === ref) tools.set({ reading: operationId });
    },
    endReading: async () => {
      tools.set({ reading: null });
      await load(false);
      void tools.state().files.open();
    },
    setTab: (tab) => tools.set({ tab }),
  };
};
