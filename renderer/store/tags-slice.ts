import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import type { TagSource } from '#shared/contract/tags.ts';
import { imageById } from './current-image.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { createTurns } from './turns.ts';

/** Where a name points: its full form, and the image it names now (null: it is free). */
export interface NameTarget {
  readonly name: string;
  readonly id: string | null;
}

/** A change of tags, with the way back. */
export interface TagChange {
  /** What was done: "acme/web:1.5 added". */
  readonly title: string;
  undo(): Promise<void>;
}

/**
 * Adding, moving and removing tags, each of which can be undone. What is asked for while a change is under way is done
 * after it, so that the newest change is the one that was asked for last.
 */
export interface TagsSlice {
  /** Where the name that is being typed points now. */
  readonly target: Remote<NameTarget>;
  /** From what the image was built, to suggest tags. */
  readonly source: Remote<TagSource | null>;
  /** Changes since the tags of an image were opened, newest last; one that was undone is not among them. */
  readonly changes: readonly TagChange[];
  /** Takes the newest change back, after those that are still under way; does nothing where there is none. */
  undo(): Promise<void>;
  /** Begins with the tags of an image. */
  open(image: DialogImage): void;
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
  const sources = createLoader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const inTurn = createTurns();

  const refresh = (): void => {
    const { images, image, navigation } = tools.state();
    void images.load();
    if (navigation.route.screen === 'image') void image.reload();
  };
  /** What names an image with all its platforms: one that came with others is its index. */
  const wholeOf = (id: string): string => imageById(tools.state(), id)?.indexDigest ?? id;
  /** Brings a name back to where it pointed before. */
  const restore = async (engine: string, name: string, previous: string | null): Promise<void> => {
    const { toasts } = tools.state();
    try {
      if (previous === null) await tools.client.images.untag({ engine, name });
      else await tools.client.images.tag({ engine, ref: previous, name });
      toasts.add({ tone: 'info', title: `${name} is as it was before` });
      refresh();
    } catch (error) {
      toasts.fail(error);
    }
  };
  /** The same way back in a notice and in the dialog, to be gone once. */
  const tell = (title: string, goBack: () => Promise<void>): void => {
    const change: TagChange = {
      title,
      undo: async () => {
        if (!tools.own().changes.includes(change)) return;
        tools.set({ changes: tools.own().changes.filter((other) => other !== change) });
        tools.state().toasts.dismiss(toast);
        await goBack();
      },
    };
    const action = { label: 'Undo', run: () => void inTurn(change.undo) };
    const toast = tools.state().toasts.add({ tone: 'done', title, action });
    tools.set({ changes: [...tools.own().changes, change] });
  };

  return {
    target: IDLE,
    source: IDLE,
    changes: [],
    undo: () => inTurn(async () => tools.own().changes.at(-1)?.undo()),
    open: ({ engine, id }) => {
      tools.set({ changes: [] });
      tools.state().registryNames.clear();
      void sources.load<TagSource | null>(
        tools.own().source,
        (signal) => tools.client.tags.source({ engine, ref: id }, { signal }),
        (source) => tools.set({ source }),
        { fresh: true },
      );
    },
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
    add: (image, wanted) =>
      inTurn(async () => {
        const { engine, id } = image;
        // By its id: the names are what changes here.
        const request = { engine, ref: wholeOf(id), name: wanted.trim() };
        const { name, previous } = await tools.client.images.tag(request);
        const words = previous === null || previous === image.id ? `${name} added` : `${name} moved here`;
        const before = previous === null ? null : wholeOf(previous);
        tell(words, () => restore(engine, name, before));
        refresh();
      }),
    remove: (engine, name) =>
      inTurn(async () => {
        const { previous } = await tools.client.images.untag({ engine, name });
        const before = previous === null ? null : wholeOf(previous);
        tell(`${name} removed`, () => restore(engine, name, before));
        refresh();
      }),
  };
};
