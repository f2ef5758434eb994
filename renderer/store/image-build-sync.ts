import type { BuildSummary } from '#shared/contract/builds.ts';
import type { ImageDetail } from '#shared/contract/images.ts';
import type { AppState, AppStore } from './app-store.ts';
import { valueOr } from './remote.ts';

const NO_BUILDS: readonly BuildSummary[] = [];

/** The newest build that ended with this image; undefined when none is kept. `builds` are newest first. */
export function buildOfImage(
  builds: readonly BuildSummary[],
  image: Pick<ImageDetail, 'summary' | 'manifestDigest' | 'imageId'>,
): BuildSummary | undefined {
  return builds.find(
    (build) =>
      build.state === 'done' &&
      build.engine === image.summary.engine &&
      (build.digest === null
        ? build.imageId === image.imageId
        : build.digest === (image.manifestDigest ?? image.imageId)),
  );
}

/** The newest kept build that ended with the image on the Image screen. */
export function buildOfShownImage(state: AppState): BuildSummary | undefined {
  const { detail } = state.image;
  return detail.status === 'ready'
    ? buildOfImage(valueOr(state.builds.list, NO_BUILDS), detail.value)
    : undefined;
}

/** Loads the record of the build that made the image on show, whichever of both is known first. Returns the way to stop. */
export function syncImageBuild(store: AppStore): () => void {
  return store.subscribe((state, before) => {
    if (state.image.detail === before.image.detail && state.builds.list === before.builds.list) return;
    const build = buildOfShownImage(state);
    if (build !== undefined && state.records.byId[build.id] === undefined) void state.records.load(build.id);
  });
}
