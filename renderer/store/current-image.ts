import type { ImageSummary } from '#shared/contract/images.ts';
import type { AppState } from './app-store.ts';

/** The image that a command is about: the one on the Image screen, or the only ticked one in the table. */
export function currentImage(state: AppState): ImageSummary | undefined {
  const { route } = state.navigation;
  if (route.screen === 'image')
    return state.image.detail.status === 'ready' ? state.image.detail.value.summary : undefined;
  const { list, selected } = state.images;
  if (route.screen !== 'images' || selected.size !== 1 || list.status !== 'ready') return undefined;
  return list.value.find((image) => selected.has(image.id));
}
