import { openRegistryAccess, type RegistryAccess } from '../engine/builtin/registry-access.ts';
import type { TagRules } from '../engine/tag-guard.ts';
import { SettingsStore } from '../settings/settings-store.ts';

/** The registries as the settings in the data folder say. */
export async function openRegistries(home: string, env: NodeJS.ProcessEnv): Promise<RegistryAccess> {
  const settings = await readSettings(home);
  return openRegistryAccess({ home, environment: env, settings: () => settings });
}

/** Which tags move freely and which not. */
export async function readTagRules(home: string): Promise<Pick<TagRules, 'floating' | 'immutable'>> {
  const { floatingTags, immutableRepositories = [] } = await readSettings(home);
  return { floating: floatingTags, immutable: immutableRepositories };
}

/** The settings in the data folder. */
export function readSettings(home: string) {
  return new SettingsStore(home, ({ path, kept }) => {
    process.stderr.write(`strata: ${path} was broken; it was set aside as ${kept}.\n`);
  }).get();
}
