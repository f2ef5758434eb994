import { FolderOutput, Tag, Trash2, Upload } from 'lucide-react';
import type { Dialog } from '#renderer/dialogs/dialog.ts';
import { toDialogImage } from '#renderer/features/images/image-rows.ts';
import { firstPushTarget } from '#renderer/features/transfer/push-target.ts';
import type { AppState } from '#renderer/store/app-store.ts';
import { currentImage } from '#renderer/store/current-image.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import type { Command } from './command.ts';

/** Adds, moves and removes the tags of the image at hand. */
export const tagImage = aboutImage(
  'tag-image',
  'Tag the image…',
  { icon: Tag, shortcuts: ['t'] },
  (image) => ({
    kind: 'tag-image',
    image: toDialogImage(image),
  }),
);

/** Sends the image at hand to a registry. */
export const pushImage = aboutImage(
  'push-image',
  'Push the image…',
  { icon: Upload, shortcuts: ['p'] },
  (image, { navigation }) => ({
    kind: 'push-image',
    image: toDialogImage(image),
    target: firstPushTarget(image, navigation.route),
  }),
);

/** Writes the image at hand into an archive. */
export const saveImage = aboutImage(
  'save-image',
  'Save the image to a file…',
  { icon: FolderOutput, keywords: 'export tar oci docker' },
  (image) => ({ kind: 'save-image', image: toDialogImage(image) }),
);

/** Removes the image at hand, after asking. */
export const removeImage = aboutImage(
  'remove-image',
  'Remove the image…',
  { icon: Trash2, keywords: 'delete' },
  (image) => ({ kind: 'remove-images', engine: image.engine, ids: [image.id] }),
);

function aboutImage(
  id: string,
  title: string,
  more: Pick<Command, 'icon' | 'shortcuts' | 'keywords'>,
  dialogFor: (image: ImageSummary, state: AppState) => Dialog,
): Command {
  return {
    id,
    title,
    group: 'Images',
    ...more,
    when: (state) => currentImage(state) !== undefined,
    run: (store) => {
      const state = store.getState();
      const image = currentImage(state);
      if (image !== undefined) state.dialogs.show(dialogFor(image, state));
    },
  };
}
