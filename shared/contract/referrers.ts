import { z } from 'zod';

/** Something that was attached to an image at a registry. */
export const referrer = z.object({
  /** `repository@sha256:…`, to open it by. */
  reference: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  size: z.number(),
  /** What it says it is, null where it says nothing. */
  artifactType: z.string().nullable(),
  kind: z.enum(['signature', 'sbom', 'attestation', 'other']),
  /** What it belongs to: the image, or the list that holds it. */
  subject: z.string(),
  /** How it was found: by the referrers API, its fallback tag, a tag of cosign's older kind, in the list of images. */
  via: z.enum(['api', 'tag', 'cosign-tag', 'index']),
  /** As its annotations say, milliseconds since the epoch. */
  createdAt: z.number().nullable(),
});
export type Referrer = z.infer<typeof referrer>;

/** What was attached to an image, and whether its repository holds the image at all. */
export const referrerList = z.object({ isThere: z.boolean(), referrers: z.array(referrer) });
export type ReferrerList = z.infer<typeof referrerList>;

/** One thing that was attached, opened. */
export const openedReferrer = z.object({
  /** Its manifest as the registry gave it. */
  manifest: z.string(),
  parts: z.array(
    z.object({
      digest: z.string(),
      mediaType: z.string(),
      size: z.number(),
      annotations: z.record(z.string(), z.string()),
      /** To read: JSON set in lines, what an envelope holds; null where it is too large or no text. */
      text: z.string().nullable(),
    }),
  ),
});
export type OpenedReferrer = z.infer<typeof openedReferrer>;
