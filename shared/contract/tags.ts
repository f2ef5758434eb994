import { z } from 'zod';
import { base, imageAddress } from './common.ts';

/** What moved a tag. */
export const tagMover = z.enum([
  'build',
  'tag',
  'untag',
  'remove',
  'pull',
  'load',
  'push',
  'copy',
  'share',
  'delete',
  'roll-back',
]);
export type TagMover = z.infer<typeof tagMover>;

/** Which part of Strata a tag was moved with: the app (window or browser), or the command line. */
export const tagTool = z.enum(['app', 'cli']);
export type TagTool = z.infer<typeof tagTool>;

/** One move of one tag: given, moved or taken away. */
export const tagMove = z.object({
  id: z.string(),
  /** Milliseconds since the epoch. */
  time: z.number(),
  /** The familiar reference: `acme/web:1.4.0`. */
  name: z.string(),
  /** The registry where it moved; null for a name of the store. */
  host: z.string().nullable(),
  /** Digest that it named before, null where it was free. */
  from: z.string().nullable(),
  /** Digest that it named then, null where it was taken away. */
  to: z.string().nullable(),
  by: tagMover,
  /** With what, and as which user of the machine; absent where it was not written down. */
  via: tagTool.optional(),
  user: z.string().optional(),
});
export type TagMove = z.infer<typeof tagMove>;

/** Where a git repository stands. */
export const gitState = z.object({
  /** Short hash of the commit. */
  commit: z.string(),
  /** As `git describe --tags`; null without a tag. */
  describe: z.string().nullable(),
  /** Null where no branch is checked out. */
  branch: z.string().nullable(),
  /** Tracked files differ from the commit. */
  isChanged: z.boolean(),
});
export type GitState = z.infer<typeof gitState>;

/** From what an image was built. */
export const tagSource = z.object({
  folder: z.string(),
  /** As the folder is now, not as it was then; null where it is no git repository. */
  git: gitState.nullable(),
});
export type TagSource = z.infer<typeof tagSource>;

export const tags = {
  /** The folder that an image was built from, and its git repository, to suggest tags; null where no record tells. */
  source: base.input(imageAddress).output(tagSource.nullable()),
  /** Every tag that Strata moved, newest first; of one name (in the store and at its registry) where one is given. */
  journal: base
    .input(
      z.object({
        name: z.string().optional(),
        /** Only moves at or after this time, in milliseconds since the epoch: to bring a list up to date. */
        since: z.number().optional(),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(10_000).default(1000),
      }),
    )
    .output(z.array(tagMove)),
  /**
   * Lets a tag name again what it named before a move of the journal. Fails with `not-found` where that is not there
   * any more; with `tag-moved` where the repository's tags are marked as immutable and `confirmName` is not the tag.
   */
  rollBack: base.input(z.object({ entryId: z.string(), confirmName: z.string().optional() })).output(tagMove),
};
