import { type SettingsChange, type SettingsView, settingsView } from '#shared/contract/settings.ts';
import { type BrokenFileNotice, JsonDocument } from './json-document.ts';
import { settingsFile } from './settings-file.ts';

/** `settings.json` in the data folder. */
export class SettingsStore {
  readonly #document: JsonDocument<SettingsView>;

  constructor(home: string, onBroken: BrokenFileNotice) {
    this.#document = new JsonDocument(
      settingsFile(home),
      settingsView,
      () => settingsView.parse({}),
      onBroken,
    );
  }

  get(): Promise<SettingsView> {
    return this.#document.read();
  }

  /** Changes the given fields and answers all. */
  update(part: SettingsChange): Promise<SettingsView> {
    const given = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
    return this.#document.update((settings) => ({ ...settings, ...given }));
  }
}
