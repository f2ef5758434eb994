import type { AppState } from '#renderer/store/app-store.ts';

/** Asks again for what the screen shows of a registry, once a sign-in or a trusted certificate lets one in. */
export async function reloadShown({ navigation, catalog, remoteTags, image }: AppState): Promise<void> {
  const { screen } = navigation.route;
  if (screen === 'registry') await catalog.reload();
  else if (screen === 'repository') await remoteTags.reload();
  else if (screen === 'image') await image.reload();
}
