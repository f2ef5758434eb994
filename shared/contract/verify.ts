import { z } from 'zod';

/** A file, or the place of one, that two builds of the same input gave differently. */
export const verifiedFile = z.object({
  path: z.string(),
  /** In what: `content`, `mode`, `owner`, `time` … ; `first` and `second`: only that build has it. */
  kinds: z.array(z.string()),
  /** What both gave, for people. */
  detail: z.string(),
  /** Why its content probably differs; null when nobody knows. */
  cause: z.string().nullable(),
});
export type VerifiedFile = z.infer<typeof verifiedFile>;

/** What two builds of the same input in two new stores gave. */
export const verifyReport = z.object({
  /** The images are the same, byte for byte. */
  equal: z.boolean(),
  /** Whether times were clamped. */
  reproducible: z.boolean(),
  digests: z.tuple([z.string(), z.string()]),
  /** The steps whose layers differ; of the files the first ones, `fileCount` tells of how many. */
  steps: z.array(
    z.object({ createdBy: z.string(), fileCount: z.number().int(), files: z.array(verifiedFile) }),
  ),
  /** Settings of the image that differ; null where one is not set. */
  config: z.array(
    z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** Nothing but times differs, so that a reproducible build would be equal. */
  onlyTimes: z.boolean(),
});
export type VerifyReport = z.infer<typeof verifyReport>;
