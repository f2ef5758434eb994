import type { BaseUse, PinnedLine } from '#shared/contract/bases.ts';
import { createLoader, IDLE, type Remote, valueOr } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Which Dockerfile of which project. */
export interface BasesFile {
  readonly id: string;
  readonly dockerfile?: string;
}

/** The images that the open project's Dockerfile takes from elsewhere. */
export interface BasesSlice {
  readonly file: BasesFile | null;
  /** In file order. */
  readonly uses: Remote<readonly BaseUse[]>;
  /** When the registries were asked last, in ms since 1970; null: not yet. */
  readonly checkedAt: number | null;
  readonly isChecking: boolean;
  /** The change that a pin would make. */
  readonly preview: Remote<PinnedLine>;
  /** Reads them anew; what registries said stays for tags that are still there. */
  load(file: BasesFile): Promise<void>;
  /** The same once more, where a project is open. */
  reload(): Promise<void>;
  /** Forgets them. */
  close(): void;
  /** Asks the registries what the tags name now; nothing is pulled. */
  check(): Promise<void>;
  /** Asks what a pin of one to `digest` would write; without: to what is here, else what the registry has. */
  previewPin(use: BaseUse, digest?: string): Promise<void>;
  /** Writes the change that was previewed, with a way back; rejects with the host's refusal. */
  pin(change: PinnedLine): Promise<void>;
}

const NO_USES: readonly BaseUse[] = [];

/** Makes the bases slice. */
export const createBasesSlice: SliceCreator<BasesSlice> = (tools) => {
  const loader = createLoader();
  const previews = createLoader();
  const ask = async (wanted: boolean): Promise<void> => {
    const { file, uses, isChecking } = tools.own();
    if (file === null) return;
    // What is asked for in the midst of a check takes its place, so it goes on with it.
    const check = wanted || isChecking;
    tools.set({ isChecking: check });
    await loader.load<readonly BaseUse[]>(
      uses,
      async (signal) => {
        const found = await tools.client.projects.bases({ ...file, check }, { signal });
        return check ? found : withEarlierAnswers(found, valueOr(tools.own().uses, NO_USES));
      },
      (next) => {
        const isOver = check && next.status !== 'loading';
        tools.set({ uses: next, ...(isOver ? { isChecking: false } : {}) });
        if (isOver && next.status === 'ready') tools.set({ checkedAt: Date.now() });
      },
    );
  };
  const undo = async (token: string): Promise<void> => {
    const { toasts } = tools.state();
    try {
      await tools.client.projects.undoPin({ undo: token });
      toasts.add({ tone: 'info', title: 'The Dockerfile is as it was before' });
      await ask(false);
    } catch (error) {
      toasts.fail(error);
    }
  };
  return {
    file: null,
    uses: IDLE,
    checkedAt: null,
    isChecking: false,
    preview: IDLE,
    load: (file) => {
      const { file: before } = tools.own();
      if (before?.id !== file.id || before.dockerfile !== file.dockerfile)
        tools.set({ uses: IDLE, checkedAt: null, isChecking: false });
      tools.set({ file });
      return ask(false);
    },
    reload: () => ask(false),
    close: () => {
      loader.stop();
      tools.set({ file: null, uses: IDLE, checkedAt: null, isChecking: false, preview: IDLE });
    },
    check: () => ask(true),
    previewPin: (use, digest) => {
      const { file } = tools.own();
      if (file === null) return Promise.resolve();
      const { line, written } = use;
      const request = { ...file, line, written, preview: true, ...(digest === undefined ? {} : { digest }) };
      return previews.load<PinnedLine>(
        tools.own().preview,
        (signal) => tools.client.projects.pinBase(request, { signal }),
        (preview) => tools.set({ preview }),
        { fresh: true },
      );
    },
    pin: async ({ line, digest, fingerprint }) => {
      const { file } = tools.own();
      if (file === null) return;
      const change = await tools.client.projects.pinBase({
        ...file,
        line,
        digest,
        fingerprint,
        preview: false,
      });
      const token = change.undo;
      tools.state().toasts.add({
        tone: 'done',
        title: `Line ${change.line} is pinned`,
        detail: change.reference,
        ...(token === undefined ? {} : { action: { label: 'Undo', run: () => void undo(token) } }),
      });
      await ask(false);
    },
  };
};

/** What a registry said of a tag is not asked again with each change of the file. */
export function withEarlierAnswers(
  found: readonly BaseUse[],
  earlier: readonly BaseUse[],
): readonly BaseUse[] {
  const said = new Map<string, string>();
  for (const { reference, registryDigest } of earlier)
    if (reference !== null && registryDigest !== null) said.set(tagOf(reference), registryDigest);
  return found.map((use) => {
    const registryDigest = use.reference === null ? undefined : said.get(tagOf(use.reference));
    if (registryDigest === undefined) return use;
    const known = digestOf(use.reference) ?? use.localDigest;
    return { ...use, registryDigest, newer: known === null ? null : known !== registryDigest };
  });
}

function tagOf(reference: string): string {
  return reference.split('@')[0] ?? reference;
}

function digestOf(reference: string | null): string | undefined {
  return reference?.split('@')[1];
}
