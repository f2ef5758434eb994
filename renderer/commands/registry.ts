import {
  buildProject,
  buildWithoutCache,
  cancelBuild,
  showBuildOptions,
  verifyProject,
} from './build-project.ts';
import { cleanUp, cleanUpWholeCache } from './clean-up.ts';
import type { Command } from './command.ts';
import { compareImages } from './compare-images.ts';
import { focusSearch } from './focus-search.ts';
import { goBack, goForward } from './go-back.ts';
import { goToScreenCommands } from './go-to-screen.ts';
import { pushImage, removeImage, saveImage, tagImage } from './image-commands.ts';
import { loadImage, openLayout } from './load-image.ts';
import { createSample, openFolder } from './open-folder.ts';
import { openPalette } from './open-palette.ts';
import { pullImage } from './pull-image.ts';
import { shareStore } from './share-store.ts';
import { showShortcuts } from './show-shortcuts.ts';
import { signIn } from './sign-in.ts';
import { switchThemeCommands } from './switch-theme.ts';

/** Every command, in the order of the palette. A new one is one file and one line here. */
export const COMMANDS: readonly Command[] = [
  tagImage,
  pushImage,
  compareImages,
  saveImage,
  removeImage,
  pullImage,
  loadImage,
  openLayout,
  shareStore,
  ...goToScreenCommands,
  openFolder,
  createSample,
  buildProject,
  buildWithoutCache,
  cancelBuild,
  showBuildOptions,
  verifyProject,
  signIn,
  cleanUp,
  cleanUpWholeCache,
  goBack,
  goForward,
  openPalette,
  showShortcuts,
  focusSearch,
  ...switchThemeCommands,
];

/** The command with this id, undefined when there is none. */
export function commandById(id: string): Command | undefined {
  return COMMANDS.find((command) => command.id === id);
}
