import type { Diagnostic, SettingsView } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the settings, and what the last look at the machine found. */
export interface SettingsSlice {
  readonly value: Remote<SettingsView>;
  readonly diagnostics: Remote<readonly Diagnostic[]>;
  load(): Promise<void>;
  /** Changes some settings; rejects with the host's refusal and leaves them as they were. */
  update(patch: Partial<SettingsView>): Promise<void>;
  /** Looks at the machine again; `quietly` leaves what was found on show meanwhile. */
  diagnose(quietly?: boolean): Promise<void>;
}

/** Makes the settings slice. */
export const createSettingsSlice: SliceCreator<SettingsSlice> = (tools) => {
  const loader = createLoader();
  const diagnosis = createLoader();
  return {
    value: IDLE,
    diagnostics: IDLE,
    load: () =>
      loader.load(
        tools.own().value,
        (signal) => tools.client.settings.get(undefined, { signal }),
        (value) => tools.set({ value }),
      ),
    update: async (patch) => {
      const value = await tools.client.settings.update(patch);
      loader.stop();
      tools.set({ value: { status: 'ready', value } });
    },
    diagnose: (quietly = false) =>
      diagnosis.load<readonly Diagnostic[]>(
        tools.own().diagnostics,
        (signal) => tools.client.settings.diagnose(undefined, { signal }),
        (diagnostics) => tools.set({ diagnostics }),
        { fresh: !quietly },
      ),
  };
};
