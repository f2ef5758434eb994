import type { OpenedReferrer, Referrer, ReferrerList } from '#shared/contract/referrers.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What is attached to the shown image at one of its places: signatures, SBOMs, attestations. */
export interface ReferrersSlice {
  /** The reference whose repository is asked; empty before. */
  readonly place: string;
  readonly digest: string;
  readonly list: Remote<ReferrerList>;
  /** The one that is read. */
  readonly chosen: Referrer | null;
  readonly opened: Remote<OpenedReferrer>;
  /** Asks what is attached to the image with this digest at a place; nothing when that is on show already. */
  ask(place: string, digest: string): Promise<void>;
  reload(): Promise<void>;
  open(referrer: Referrer): Promise<void>;
  close(): void;
  /** Saves a part; resolves to where it went. */
  save(part: {
    readonly digest: string;
    readonly size: number;
    readonly name: string;
  }): Promise<{ readonly path: string | null; readonly url: string | null }>;
}

/** Makes the slice of what is attached. */
export const createReferrersSlice: SliceCreator<ReferrersSlice> = (tools) => {
  const lists = createLoader();
  const documents = createLoader();
  const load = (): Promise<void> => {
    const { place, digest } = tools.own();
    documents.stop();
    tools.set({ chosen: null, opened: IDLE });
    return lists.load<ReferrerList>(
      tools.own().list,
      (signal) => tools.client.registries.referrers({ reference: place, digest }, { signal }),
      (list) => tools.set({ list }),
      { fresh: true },
    );
  };
  return {
    place: '',
    digest: '',
    list: IDLE,
    chosen: null,
    opened: IDLE,
    ask: async (place, digest) => {
      const { own } = tools;
      if (own().place === place && own().digest === digest && own().list.status === 'ready') return;
      tools.set({ place, digest });
      await load();
    },
    reload: load,
    open: (chosen) => {
      tools.set({ chosen });
      return documents.load<OpenedReferrer>(
        tools.own().opened,
        (signal) => tools.client.registries.referrer({ reference: chosen.reference }, { signal }),
        (opened) => tools.set({ opened }),
        { fresh: true },
      );
    },
    close: () => {
      documents.stop();
      tools.set({ chosen: null, opened: IDLE });
    },
    save: ({ digest, size, name }) => {
      const repository = tools.own().chosen?.reference.replace(/@.*$/, '') ?? '';
      const input = { reference: `${repository}@${digest}`, size, name };
      return tools.client.registries.saveReferrer(input);
    },
  };
};
