import { useMemo } from 'react';
import { recentRepositories } from '#renderer/store/recent-repositories.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { ImageSummary } from '#shared/contract/images.ts';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import type { TagMove, TagMover } from '#shared/contract/tags.ts';
import { type KnownRegistry, knownRegistries } from './known-registries.ts';

const NO_IMAGES: readonly ImageSummary[] = [];
const NO_MOVES: readonly TagMove[] = [];
/** The moves of tags that had to do with a registry. */
const TRANSFERS: ReadonlySet<TagMover> = new Set(['pull', 'push', 'copy']);

/** The registries of these accounts, of the images here and of earlier visits. */
export function useKnownRegistries(accounts: readonly RegistryAccount[]): readonly KnownRegistry[] {
  const images = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const moves = useApp((state) => valueOr(state.journal.moves, NO_MOVES));
  return useMemo(
    () =>
      knownRegistries(accounts, {
        images: images.flatMap((image) => image.names),
        recent: recentRepositories(),
        transferred: moves.filter(({ by }) => TRANSFERS.has(by)).map(({ name }) => name),
      }),
    [accounts, images, moves],
  );
}
