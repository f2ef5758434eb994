import { openRegistryAccess, type RegistryAccess } from '../engine/builtin/registry-access.ts';
import type { TagRules } from '../engine/tag-guard.ts';
import { readSettings } from './settings.ts';

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
