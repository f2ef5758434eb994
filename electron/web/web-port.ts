import { AppError } from '#shared/errors/app-error.ts';
import type { HostPort } from '../api/host-context.ts';
import type { Downloads } from './downloads.ts';

/** What a browser's host can do: no dialogs of its own, downloads by address, links opened by the page itself. */
export function createWebPort(downloads: Downloads): HostPort {
  return {
    kind: 'web',
    choosePath: async () => {
      throw new AppError('unsupported', 'The web host has no dialogs of the system.', {
        hint: 'Choose by browsing the folders in the page.',
      });
    },
    offerDownload: async (download) => ({ path: null, url: downloads.offer(download) }),
    openExternal: async () => false,
  };
}
