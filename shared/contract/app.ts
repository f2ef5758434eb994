import { z } from 'zod';
import { base, streamOf } from './common.ts';

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'web']),
  os: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Where the store lives. */
  dataPath: z.string(),
  homePath: z.string(),
});
export type AppInfo = z.infer<typeof appInfo>;

/** What has changed and should be asked for again. */
export const change = z.object({
  topic: z.enum([
    'projects',
    'builds',
    'images',
    'containers',
    'registries',
    'tags',
    'engines',
    'settings',
    'storage',
    'share',
    'command',
  ]),
  engine: z.string().optional(),
  /** For `command`: the id of a page command that the native menu chose. */
  command: z.string().optional(),
  /** With `command`: the archive that was dropped on the window. */
  path: z.string().optional(),
});
export type Change = z.infer<typeof change>;

export const app = {
  info: base.output(appInfo),
  /** Every change of what the host knows, as it happens. */
  changes: base.output(streamOf(change)),
  /** Opens an https address in the user's browser, after the page has shown it in full. */
  openExternal: base.input(z.object({ url: z.string() })).output(z.object({ opened: z.boolean() })),
};
