import { app } from './app.ts';
import { builds } from './builds.ts';
import { containers } from './containers.ts';
import { engines } from './engines.ts';
import { images } from './images.ts';
import { operations } from './operations.ts';
import { folders, projects } from './projects.ts';
import { registries } from './registries.ts';
import { settings, storage } from './settings.ts';
import { share } from './share.ts';
import { tags } from './tags.ts';

/** Everything a page may ask of the core. Inputs and outputs are validated where they cross. */
export const contract = {
  app,
  builds,
  containers,
  engines,
  folders,
  images,
  operations,
  projects,
  registries,
  settings,
  share,
  storage,
  tags,
};

export type Contract = typeof contract;
