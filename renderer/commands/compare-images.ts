import { GitCompare } from 'lucide-react';
import { comparisonRoute, whyNotComparable } from '#renderer/features/compare/comparable-images.ts';
import { toDialogImage } from '#renderer/features/images/image-rows.ts';
import type { AppState } from '#renderer/store/app-store.ts';
import { currentImage, tickedImages } from '#renderer/store/current-image.ts';
import type { Command } from './command.ts';

/** Compares the two ticked images, or the image at hand with another one that is asked for. */
export const compareImages: Command = {
  id: 'compare-images',
  title: 'Compare images…',
  group: 'Images',
  icon: GitCompare,
  shortcuts: ['c'],
  keywords: 'diff difference',
  when: (state) => isPair(state) || currentImage(state) !== undefined,
  run: (store) => {
    const state = store.getState();
    const [one, other] = tickedImages(state);
    const image = currentImage(state);
    const engine = one?.engine ?? image?.engine;
    const whyNot = engine === undefined ? undefined : whyNotComparable(state, engine);
    if (whyNot !== undefined) {
      const images = [one ?? image, other].filter((each) => each !== undefined).map(toDialogImage);
      state.dialogs.show({ kind: 'take-images', images, why: whyNot });
      return;
    }
    if (isPair(state) && one !== undefined && other !== undefined)
      state.navigation.go(comparisonRoute(one, other));
    else if (image !== undefined) state.dialogs.show({ kind: 'compare-image', image: toDialogImage(image) });
  },
};

function isPair(state: AppState): boolean {
  return tickedImages(state).length === 2;
}
