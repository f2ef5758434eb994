import { Lock, LockOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#renderer/components/button.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { markingOf } from '#shared/oci/immutable-tags.ts';
import { familiarRepository, parseReference } from '#shared/oci/reference.ts';

const NONE: readonly string[] = [];

/** Marks the tags of a repository as immutable, or lets them move again. */
export function ImmutableSwitch({ repository }: { readonly repository: string }): ReactNode {
  const store = useAppStore();
  const marked = useApp((state) => valueOr(state.settings.value, undefined)?.immutableRepositories ?? NONE);
  const reference = parseReference(repository);
  const marking = markingOf(marked, reference);
  const isFolder = marking?.trim().endsWith('/*') ?? false;
  const change = (): void => {
    const { settings, toasts } = store.getState();
    const name = familiarRepository(reference);
    settings
      .update(({ immutableRepositories: before = NONE }) => {
        const others = before.filter((one) => one !== (marking ?? name));
        return { immutableRepositories: marking === null ? [...others, name] : others };
      })
      .catch((error: unknown) => toasts.fail(error));
  };
  return (
    <IconButton
      small
      aria-pressed={marking !== null}
      label={
        marking === null
          ? `Mark the tags of ${repository} as immutable: moving one at a registry needs its name typed`
          : `The tags of ${repository} are immutable. Let them move again`
      }
      unavailable={isFolder ? `The tags are immutable: ${marking} in Settings says so.` : undefined}
      onClick={change}
    >
      {marking === null ? <LockOpen aria-hidden /> : <Lock aria-hidden />}
    </IconButton>
  );
}
