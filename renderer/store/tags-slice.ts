import { toErrorView } from '#renderer/client/failure.ts';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Where a name points: its full form, and the image it names now (null: it is free). */
export interface NameTarget {
  readonly name: string;
  readonly id: string | null;
}

/** Adding, moving and removing tags, each of which can be undone. */
export interface TagsSlice {
  /** Where the name that is being typed points now. */
  readonly target: Remote<NameTarget>;
  /** Takes what is being typed, and asks where it points when the typing pauses. */
  type(engine: string, name: string): void;
  /** Points a name at the image; rejects with the host's refusal. */
  add(image: DialogImage, name: string): Promise<void>;
  /** Takes a name away; rejects with the host's refusal. */
  remove(engine: string, name: string): Promise<void>;
}

const PAUSE = 200;

/** Makes the tags slice. */
export const createTagsSlice: SliceCreator<TagsSlice> = (tools) => {
  const loader = createLoader();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refresh = async (): Promise<void> => {
    const { images, image, navigation } = tools.state();
    await Promise.all([images.load(), navigation.route.screen === 'image' ? image.reload() : undefined]);
  };
  /** Brings a name back to where it pointed before. */
  const restore = (engine: string, name: string, previous: string | null) => async (): Promise<void> => {
    const { toasts } = tools.state();
    try {
      if (previous === null) await tools.client.images.untag({ engine, name });
      else await tools.client.images.tag({ engine, ref: previous, name });
      toasts.add({ tone: 'info', title: `${name} is as it was before` });
      await refresh();
    } catch (error) {
      const { message, hint } = toErrorView(error);
      toasts.add({ tone: 'failed', title: message, detail: hint });
    }
  };
  const tell = (title: string, undo: () => Promise<void>): void => {
    tools.state().toasts.add({ tone: 'done', title, action: { label: 'Undo', run: () => void undo() } });
  };

  return {
    target: IDLE,
    type: (engine, name) => {
      clearTimeout(timer);
      loader.stop();
      tools.set({ target: IDLE });
      if (name.trim() === '') return;
      timer = setTimeout(() => {
        void loader.load<NameTarget>(
          tools.own().target,
          (signal) => tools.client.images.resolveName({ engine, name: name.trim() }, { signal }),
          (target) => tools.set({ target }),
        );
      }, PAUSE);
    },
    add: async (image, wanted) => {
      const { engine, id } = image;
      // By its id: the names are what changes here.
      const { name, previous } = await tools.client.images.tag({ engine, ref: id, name: wanted.trim() });
      tools.set({ target: IDLE });
      const words = previous === null || previous === image.id ? `${name} added` : `${name} moved here`;
      tell(words, restore(engine, name, previous));
      await refresh();
    },
    remove: async (engine, name) => {
      const { previous } = await tools.client.images.untag({ engine, name });
      tell(`${name} removed`, restore(engine, name, previous));
      await refresh();
    },
  };
};
