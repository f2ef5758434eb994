import type { ImageDetail } from '#shared/contract/images.ts';
import type { PushCheck } from '#shared/contract/registries.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What a copy is of and where it goes, as the dialog has it now. */
export interface CopyPlaces {
  readonly from: string;
  readonly to: string;
  /** Empty: all platforms. */
  readonly platform: string;
}

/** What the copy dialog knows of its source and its target before a byte moves. */
export interface CopyCheckSlice extends CopyPlaces {
  /** The image of `from`; idle while it is empty or still being typed. */
  readonly source: Remote<ImageDetail>;
  /** What `to` names now. */
  readonly check: Remote<PushCheck>;
  /** Takes what is being typed, and asks when the typing pauses. */
  change(places: Partial<CopyPlaces>): void;
  /** Begins anew and asks at once. */
  begin(places: CopyPlaces): void;
}

const PAUSE = 400;

/** Makes the copy check slice. */
export const createCopyCheckSlice: SliceCreator<CopyCheckSlice> = (tools) => {
  const sources = createLoader();
  const checks = createLoader();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const askSource = (): Promise<void> =>
    sources.load<ImageDetail>(
      tools.own().source,
      (signal) => tools.client.registries.inspect({ reference: tools.own().from.trim() }, { signal }),
      (source) => tools.set({ source }),
      { fresh: true },
    );
  const askTarget = (): Promise<void> => {
    const { from, to, platform } = tools.own();
    const input = { from: from.trim(), to: to.trim(), ...(platform === '' ? {} : { platform }) };
    return checks.load<PushCheck>(
      tools.own().check,
      (signal) => tools.client.registries.checkCopy(input, { signal }),
      (check) => tools.set({ check }),
      { fresh: true },
    );
  };
  const ask = async (): Promise<void> => {
    const { from, to, source } = tools.own();
    if (isUnfinished(from)) return;
    if (source.status !== 'ready') await askSource();
    if (tools.own().source.status === 'ready' && !isUnfinished(to)) await askTarget();
  };
  const change = (places: Partial<CopyPlaces>): void => {
    clearTimeout(timer);
    checks.stop();
    tools.set({ ...places, check: IDLE });
    if (places.from === undefined) return;
    sources.stop();
    tools.set({ source: IDLE, platform: '' });
  };

  return {
    from: '',
    to: '',
    platform: '',
    source: IDLE,
    check: IDLE,
    change: (places) => {
      change(places);
      timer = setTimeout(() => void ask(), PAUSE);
    },
    begin: (places) => {
      change(places);
      void ask();
    },
  };
};

/** A name that ends with its colon is one whose tag is yet to be typed. */
function isUnfinished(text: string): boolean {
  return text.trim() === '' || text.trim().endsWith(':');
}
