import { z } from 'zod';
import { base } from './common.ts';

/** What a tool did with the share. */
export const shareUse = z.object({
  at: z.number(),
  act: z.enum(['pull', 'push', 'untag']),
  /** `docker/28.2.2`: what the tool calls itself; empty where it says nothing. */
  client: z.string(),
  repository: z.string(),
  /** Tag or digest. */
  selector: z.string(),
  digest: z.string().nullable(),
});
export type ShareUse = z.infer<typeof shareUse>;

/** Whether the store is served to container tools of this machine. */
export const shareStatus = z.object({
  running: z.boolean(),
  /** `127.0.0.1:7421`: what stands before a repository in the names that clients use; null while it is off. */
  address: z.string().nullable(),
  port: z.number().nullable(),
  /** It gives images and takes none. */
  readOnly: z.boolean(),
  /** Who pulled or pushed what since the app began, newest first. */
  recent: z.array(shareUse),
});
export type ShareStatus = z.infer<typeof shareStatus>;

export const share = {
  status: base.output(shareStatus),
  /**
   * Serves the store over the distribution API on 127.0.0.1, and nowhere else, until `stop` or the end of the app.
   * Without a port it is 7421, or a free one where that is taken. One that runs is answered as it is when nothing else
   * is asked for, and begun anew otherwise. Fails with `busy` when the port is taken.
   */
  start: base
    .input(
      z.object({
        port: z.number().int().min(0).max(65535).optional(),
        readOnly: z.boolean().default(false),
      }),
    )
    .output(shareStatus),
  stop: base.output(shareStatus),
};
