import type { ImageSummary } from '#shared/contract/images.ts';
import type { AppState } from './app-store.ts';
import { REMOTE_ENGINE } from './route.ts';

/** The image that a command is about: the one on the Image screen, or the only ticked one in the table. */
export function currentImage(state: AppState): ImageSummary | undefined {
  const { route } = state.navigation;
  // An image at a registry has commands of its own: it cannot be tagged, pushed or removed like one that is here.
  if (route.screen === 'image' && route.engine === REMOTE_ENGINE) return undefined;
  if (route.screen === 'image')
    return state.image.detail.status === 'ready' ? state.image.detail.value.summary : undefined;
  const [only, ...others] = tickedImages(state);
  return others.length === 0 ? only : undefined;
}

/** The images that are ticked in the table while it is shown. */
export function tickedImages(state: AppState): readonly ImageSummary[] {
  const { list, selected } = state.images;
  if (state.navigation.route.screen !== 'images' || selected.size === 0 || list.status !== 'ready') return [];
  return list.value.filter((image) => selected.has(image.id));
}

/** The image as it is now, wherever the page has it. `id` is its row identity. */
export function imageById(state: AppState, id: string): ImageSummary | undefined {
  const { detail } = state.image;
  if (detail.status === 'ready' && detail.value.summary.id === id) return detail.value.summary;
  const { list } = state.images;
  return list.status === 'ready' ? list.value.find((image) => image.id === id) : undefined;
}
