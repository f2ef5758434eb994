import type { SettingsView } from '#shared/contract/settings.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of the settings. */
export interface SettingsSlice {
  readonly value: Remote<SettingsView>;
  load(): Promise<void>;
  /** Changes some settings; rejects with the host's refusal and leaves them as they were. */
  update(patch: Partial<SettingsView>): Promise<void>;
}

/** Makes the settings slice. */
export const createSettingsSlice: SliceCreator<SettingsSlice> = (tools) => {
  const loader = createLoader();
  return {
    value: IDLE,
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
  };
};
