import { appApi } from './app-api.ts';
import { buildsApi } from './builds-api.ts';
import { containersApi } from './containers-api.ts';
import { enginesApi } from './engines-api.ts';
import { foldersApi } from './folders-api.ts';
import type { HostContext } from './host-context.ts';
import { imagesApi } from './images-api.ts';
import { operationsApi } from './operations-api.ts';
import { projectsApi } from './projects-api.ts';
import { registriesApi } from './registries-api.ts';
import { settingsApi } from './settings-api.ts';
import { shareApi } from './share-api.ts';
import { storageApi } from './storage-api.ts';
import { tagsApi } from './tags-api.ts';

/** The contract, implemented over one host's context. Serve it with the interceptor of `typed-errors.ts`. */
export function createRouter(context: HostContext) {
  return {
    app: appApi(context),
    builds: buildsApi(context),
    containers: containersApi(context),
    engines: enginesApi(context),
    folders: foldersApi(context),
    images: imagesApi(context),
    operations: operationsApi(context),
    projects: projectsApi(context),
    registries: registriesApi(context),
    settings: settingsApi(context),
    share: shareApi(context),
    storage: storageApi(context),
    tags: tagsApi(context),
  };
}

/** What {@link createRouter} answers. */
export type ApiRouter = ReturnType<typeof createRouter>;
