import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { browseFolder } from '../settings/browse-folder.ts';
import type { HostContext } from './host-context.ts';

/** Implements `folders`. What a person chooses or sees in the chooser becomes a grant. */
export function foldersApi(context: HostContext) {
  const os = implement(contract.folders);
  return {
    choose: os.choose.handler(async ({ input }) => {
      const path = await context.host.choosePath(input.title, input.what);
      if (path === null) return null;
      context.grants.add(path);
      return { path };
    }),
    browse: os.browse.handler(async ({ input }) => {
      if (context.host.kind !== 'web') {
        throw new AppError('unsupported', 'Folders are listed in the browser alone.', {
          hint: 'Choose with the dialog of the system.',
        });
      }
      const listing = await browseFolder(input.path, { show: input.show });
      for (const { path } of [listing, ...listing.entries]) context.grants.add(path);
      return listing;
    }),
  };
}
