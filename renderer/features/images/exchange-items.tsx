import { ArrowDownToLine, Container } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import type { MenuItem } from '#renderer/components/menu.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { exchangeEngines } from '#renderer/features/transfer/exchange-engines.ts';
import type { AppStore } from '#renderer/store/app-store.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';

/** The entries of an image's menu that move it between the store and another engine. */
export function exchangeItems(store: AppStore, image: DialogImage): readonly MenuItem[] {
  const { dialogs, engines } = store.getState();
  if (image.engine === 'docker' || image.engine === 'podman')
    return [
      {
        label: 'Take into Strata…',
        icon: <ArrowDownToLine aria-hidden />,
        run: () => dialogs.show({ kind: 'take-images', images: [image] }),
      },
    ];
  if (image.engine !== 'builtin') return [];
  const ready = exchangeEngines(engines);
  if (ready.length === 0)
    return [
      {
        label: 'Send to Docker or Podman…',
        icon: <Container aria-hidden />,
        note: 'none runs',
        disabled: true,
        run: () => undefined,
      },
    ];
  return ready.map(({ id, name }) => ({
    label: `Send to ${name}…`,
    icon: <Container aria-hidden />,
    run: () => dialogs.show({ kind: 'send-images', images: [image], to: id }),
  }));
}

/** The same for all ticked images. */
export function ExchangeButton({ images }: { readonly images: readonly DialogImage[] }): ReactNode {
  const store = useAppStore();
  const engine = useApp((state) => state.images.engine);
  const canSend = useApp((state) => exchangeEngines(state.engines).length > 0);
  const { dialogs } = store.getState();
  if (engine !== 'builtin')
    return (
      <Button
        small
        icon={<ArrowDownToLine aria-hidden />}
        onClick={() => dialogs.show({ kind: 'take-images', images })}
      >
        Take into Strata…
      </Button>
    );
  return (
    <Button
      small
      icon={<Container aria-hidden />}
      unavailable={canSend ? undefined : 'Neither Docker nor Podman answers.'}
      onClick={() => dialogs.show({ kind: 'send-images', images })}
    >
      Send to…
    </Button>
  );
}
