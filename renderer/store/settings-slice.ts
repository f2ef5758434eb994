import type { Diagnostic, SettingsView } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { createTurns } from './turns.ts';

/** What the page knows of the settings, and what the last look at the machine found. */
export interface SettingsSlice {
  readonly value: Remote<SettingsView>;
  readonly diagnostics: Remote<readonly Diagnostic[]>;
  load(): Promise<void>;
  /**
   * Changes some settings, after the changes that are still under way; rejects with the host's refusal and leaves them
   * as they were. What depends on the settings themselves, such as one more entry of a list, is a function of them as
   * they are when its turn comes.
   */
  update(change: SettingsChange): Promise<void>;
  /** Looks at the machine again; `quietly` leaves what was found on show meanwhile. */
  diagnose(quietly?: boolean): Promise<void>;
}

/** What becomes different, or how that follows from the settings before. */
export type SettingsChange = Partial<SettingsView> | ((before: SettingsView) => Partial<SettingsView>);

/** Makes the settings slice. */
export const createSettingsSlice: SliceCreator<SettingsSlice> = (tools) => {
  const loader = createLoader();
  const diagnosis = createLoader();
  const inTurn = createTurns();
  const before = async (): Promise<SettingsView> => {
    const { value } = tools.own();
    return value.status === 'ready' ? value.value : tools.client.settings.get();
  };
  return {
    value: IDLE,
    diagnostics: IDLE,
    load: () =>
      loader.load(
        tools.own().value,
        (signal) => tools.client.settings.get(undefined, { signal }),
        (value) => tools.set({ value }),
      ),
    update: (change) =>
      inTurn(async () => {
        const patch = typeof change === 'function' ? change(await before()) : change;
        const value = await tools.client.settings.update(patch);
        loader.stop();
        tools.set({ value: { status: 'ready', value } });
      }),
    diagnose: (quietly = false) =>
      diagnosis.load<readonly Diagnostic[]>(
        tools.own().diagnostics,
        (signal) => tools.client.settings.diagnose(undefined, { signal }),
        (diagnostics) => tools.set({ diagnostics }),
        { fresh: !quietly },
      ),
  };
};
