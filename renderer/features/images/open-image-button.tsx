import { FolderOpen, Package } from 'lucide-react';
import type { ReactNode } from 'react';
import { loadImage, openLayout } from '#renderer/commands/load-image.ts';
import { Button } from '#renderer/components/button.tsx';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { Menu } from '#renderer/components/menu.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';

/**
 * Opens a saved image. The chooser of the page shows archives and folders alike; the native dialogs of Windows and Linux
 * take either files or folders, so there it is asked beforehand which.
 */
export function OpenImageButton(): ReactNode {
  const store = useAppStore();
  const asksNatively = useApp((state) => openLayout.when?.(state) ?? true);
  const icon = <FolderOpen aria-hidden />;
  if (!asksNatively)
    return (
      <CommandButton command={loadImage} icon={icon}>
        Open file…
      </CommandButton>
    );
  return (
    <Menu
      items={[
        { label: 'Archive file…', icon: <Package aria-hidden />, run: () => void loadImage.run(store) },
        { label: 'Layout folder…', icon, run: () => void openLayout.run(store) },
      ]}
    >
      <Button icon={icon}>Open…</Button>
    </Menu>
  );
}
