import { z } from 'zod';

/** An image that a Dockerfile takes from elsewhere: FROM, COPY --from or a mount. */
export const baseUse = z.object({
  line: z.number().int(),
  endLine: z.number().int(),
  keyword: z.enum(['FROM', 'COPY', 'RUN']),
  stage: z.string(),
  /** The word as it stands there. */
  written: z.string(),
  /** The familiar reference with the variables replaced; null where it is none. */
  reference: z.string().nullable(),
  /** `pinned`: by a digest. `floating`: by no tag, or by one that is meant to move. `tagged`: by another tag. */
  state: z.enum(['pinned', 'tagged', 'floating', 'unknown']),
  /** What a build would take from the store, an index where it is known; null where it would be pulled. */
  localDigest: z.string().nullable(),
  /** What the tag names at its registry; null where that was not asked or is not known. */
  registryDigest: z.string().nullable(),
  /** The tag names something else at its registry than what is pinned or here; null where that is not known. */
  newer: z.boolean().nullable(),
  /** It can be pinned by a change of this line alone. */
  pinnable: z.boolean(),
  /** Why something is not known, in words. */
  problem: z.string().nullable(),
});
export type BaseUse = z.infer<typeof baseUse>;

/** A line of a Dockerfile with a digest in it. */
export const pinnedLine = z.object({
  path: z.string(),
  line: z.number().int(),
  before: z.string(),
  after: z.string(),
  reference: z.string(),
  digest: z.string(),
  /** Stands for the whole text that the change was made for: hand it back to write the change. */
  fingerprint: z.string(),
  written: z.boolean(),
  /** Of a change that was written: hand it to `projects.undoPin` to have the line as it was. */
  undo: z.string().optional(),
});
export type PinnedLine = z.infer<typeof pinnedLine>;
