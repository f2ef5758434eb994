import { Share2 } from 'lucide-react';
import type { Command } from './command.ts';

/** Shows the switch, the address and the lines for other tools of this machine. */
export const shareStore: Command = {
  id: 'share-store',
  title: 'Share this store with Docker, Podman…',
  group: 'Images',
  icon: Share2,
  keywords: 'registry endpoint kubernetes k3s kind containerd mirror serve',
  run: (store) => store.getState().navigation.go({ screen: 'settings' }),
};
