import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import type { PushCheck } from '#shared/contract/registries.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the target of the push dialog names now, asked before a byte is sent. */
export interface PushCheckSlice {
  readonly target: string;
  /** For `target`; idle while it is empty or still being typed. */
  readonly check: Remote<PushCheck>;
  /** Asks for a target at once. */
  ask(image: DialogImage, target: string): Promise<void>;
  /** Asks for the same target once more, while its answer stays on show; nothing while there is none. */
  askAgain(image: DialogImage): Promise<void>;
  /** Takes what is being typed, and asks when the typing pauses. */
  type(image: DialogImage, target: string): void;
}

const PAUSE = 400;

/** Makes the push check slice. */
export const createPushCheckSlice: SliceCreator<PushCheckSlice> = (tools) => {
  const loader = createLoader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (image: DialogImage, target: string, fresh: boolean): Promise<void> => {
    clearTimeout(timer);
    tools.set({ target });
    await loader.load<PushCheck>(
      tools.own().check,
      (signal) =>
        tools.client.registries.checkPush({ engine: image.engine, ref: image.ref, target }, { signal }),
      (check) => tools.set({ check }),
      { fresh },
    );
  };
  return {
    target: '',
    check: IDLE,
    ask: (image, target) => ask(image, target, true),
    askAgain: async (image) => {
      const { target, check } = tools.own();
      if (check.status === 'ready') await ask(image, target, false);
    },
    type: (image, target) => {
      clearTimeout(timer);
      loader.stop();
      tools.set({ target, check: IDLE });
      if (target.trim() !== '') timer = setTimeout(() => void ask(image, target, true), PAUSE);
    },
  };
};
