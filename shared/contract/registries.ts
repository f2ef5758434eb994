import { z } from 'zod';
import { base, engineId, imageAddress, nothing, platform, startedOperation } from './common.ts';
import { imageDetail } from './images.ts';
import { openedReferrer, referrerList } from './referrers.ts';

export const registryAccount = z.object({
  host: z.string(),
  username: z.string().nullable(),
  /** Where the credential is kept, in words: "docker credential helper osxkeychain", "Docker config file". */
  source: z.string(),
  /** The credential can be removed by Strata. */
  removable: z.boolean(),
  /** Plain-text storage or another weakness to tell, null when fine. */
  warning: z.string().nullable(),
});
export type RegistryAccount = z.infer<typeof registryAccount>;

/** Whether a tag may come to name other content there. */
const tagMoving = {
  moveTag: z.boolean().default(false),
  /** The digest that it may leave; left out: whatever it names. */
  movesFrom: z.string().optional(),
  confirmName: z.string().optional(),
};

/** What a push would meet, asked before a byte is sent. */
export const pushCheck = z.object({
  /** The full reference as it is sent. */
  reference: z.string(),
  host: z.string(),
  repository: z.string(),
  tag: z.string(),
  insecure: z.boolean(),
  username: z.string().nullable(),
  credentialSource: z.string().nullable(),
  /** What the tag names there now. */
  remote: z.discriminatedUnion('state', [
    z.object({ state: z.literal('absent') }),
    z.object({ state: z.literal('same'), digest: z.string() }),
    z.object({
      state: z.literal('different'),
      digest: z.string(),
      /** When that image was made, as its config says. */
      createdAt: z.number().nullable(),
      /** When Strata pushed it there; null or absent where another tool did: registries do not tell. */
      pushedAt: z.number().nullable().optional(),
    }),
    /** It could not be asked; the push may still work. */
    z.object({ state: z.literal('unknown'), message: z.string() }),
  ]),
  /** `latest` and other names that are meant to move. */
  floating: z.boolean(),
  /** The repository's tags are marked as immutable in Settings: moving one needs its name typed. */
  immutable: z.boolean().optional(),
  /** Digest that the tag would name after the push; null where the engine only knows afterwards (Docker). */
  localDigest: z.string().nullable(),
  totalBytes: z.number(),
  layers: z.array(z.object({ digest: z.string(), label: z.string(), size: z.number(), base: z.boolean() })),
  /** What the image was built on, null where that is not known. */
  baseName: z.string().nullable(),
  /** The next free versions after the tag, when it is one: 1.4.3, 1.5.0, 2.0.0. */
  nextVersions: z.array(z.string()),
});
export type PushCheck = z.infer<typeof pushCheck>;

/** What a tag at a registry names. */
export const remoteTag = z.object({
  /** The familiar reference. */
  reference: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  /** It names a list of images for several platforms. */
  index: z.boolean(),
  /** `repository@sha256:…`, a line to copy, and the `ref` of the engine `registry`. */
  pinned: z.string(),
  /** Compressed bytes of the layers; of a list those of the image for this machine. Null where not read or no image. */
  size: z.number().nullable(),
  /** As its config says; of a list that of the image for this machine. */
  createdAt: z.number().nullable(),
  platforms: z.array(z.object({ platform, digest: z.string() })),
});
export type RemoteTag = z.infer<typeof remoteTag>;

/** How many pulls a registry still allows, as its headers told last. */
export const rateLimit = z.object({
  limit: z.number(),
  remaining: z.number(),
  /** Seconds after which a used pull counts no more; null where it is not told. */
  windowSeconds: z.number().nullable(),
});
export type RateLimit = z.infer<typeof rateLimit>;

/** The certificate that a server shows, for a person to decide on. Times are milliseconds since the epoch. */
export const serverCertificate = z.object({
  host: z.string(),
  subject: z.string(),
  issuer: z.string(),
  /** Host names and addresses that it is for. */
  names: z.array(z.string()),
  validFrom: z.number(),
  validTo: z.number(),
  /** SHA-256, upper-case hex pairs with colons. */
  fingerprint: z.string(),
  isSelfSigned: z.boolean(),
  /** Why trusting it would not be enough: it has expired or is for another host. Null where it is. */
  obstacle: z.string().nullable(),
});
export type ServerCertificate = z.infer<typeof serverCertificate>;

const host = z.string().min(1).max(300);

const copyPlace = z.object({
  from: z.string(),
  to: z.string(),
  /** Such as `linux/arm64`: the image of that platform alone. Absent: all that `from` lists. */
  platform: z.string().optional(),
});

export const registries = {
  list: base.output(z.array(registryAccount)),
  /** Checks the credential against the registry first; fails with `unauthorized` and stores nothing when wrong. */
  login: base
    .input(z.object({ host: z.string(), username: z.string(), password: z.string() }))
    .output(registryAccount),
  logout: base.input(z.object({ host: z.string() })).output(nothing),
  checkPush: base.input(imageAddress.extend({ target: z.string() })).output(pushCheck),
  /**
   * `moveTag` is needed when the tag names other content there and does not float; else it fails with `tag-moved`, and so
   * it does where the tag names something else than `movesFrom`. Where the repository is marked as immutable,
   * `confirmName` must be the tag as well, typed by a person.
   */
  push: base
    .input(
      imageAddress.extend({
        target: z.string(),
        ...tagMoving,
        /** Signatures, SBOMs and attestations come along from the other repositories that the image is named after. */
        withReferrers: z.boolean().default(false),
      }),
    )
    .output(startedOperation),
  pull: base
    .input(z.object({ engine: engineId, reference: z.string(), platform: z.string().optional() }))
    .output(startedOperation),
  /**
   * Repositories that a registry lists, page by page: hand `next` back as `after`. Most public registries list none and
   * fail with `unsupported`, `unauthorized` or `forbidden`.
   */
  repositories: base
    .input(z.object({ host: z.string(), after: z.string().optional() }))
    .output(z.object({ repositories: z.array(z.string()), next: z.string().nullable() })),
  /** Tags of a repository (`ghcr.io/acme/web`) that hold `query`, highest versions first, page by page. */
  tags: base
    .input(z.object({ repository: z.string(), query: z.string().optional(), after: z.string().optional() }))
    .output(z.object({ tags: z.array(z.string()), total: z.number(), next: z.string().nullable() })),
  /**
   * What one tag names. `onlyDigest` asks by HEAD alone, which counts as no pull; else manifest and config are read
   * where they are not known yet.
   */
  tag: base
    .input(z.object({ reference: z.string(), onlyDigest: z.boolean().default(false) }))
    .output(remoteTag),
  /**
   * Deletes a tag. Fails with `unsupported` where the registry deletes images alone: `byDigest` does so, with every tag
   * of the image. Where the repository is marked as immutable, `confirmName` must be the tag.
   */
  deleteTag: base
    .input(
      z.object({
        reference: z.string(),
        byDigest: z.boolean().default(false),
        confirmName: z.string().optional(),
      }),
    )
    .output(nothing),
  /**
   * Signatures, SBOMs and attestations of an image at a registry. `digest`: of the image that is meant, where
   * `reference` may lead to a list of images or, by now, to another one.
   */
  referrers: base
    .input(z.object({ reference: z.string(), digest: z.string().optional() }))
    .output(referrerList),
  /** Opens one of them by its `reference`. */
  referrer: base.input(z.object({ reference: z.string() })).output(openedReferrer),
  /** Saves a part of one, whose `reference` has the digest of the part; the place as for `images.exportFile`. */
  saveReferrer: base
    .input(z.object({ reference: z.string(), size: z.number(), name: z.string().min(1).max(200) }))
    .output(z.object({ path: z.string().nullable(), url: z.string().nullable() })),
  /**
   * The pulls that a registry still allows, null where it never told. `ask`: Docker Hub is asked anew, by a HEAD, which
   * counts as no pull; of others the headers of the last answers are known alone.
   */
  limit: base
    .input(z.object({ host, ask: z.boolean().default(false) }))
    .output(z.object({ limit: rateLimit.nullable() })),
  /** What certificate a server shows, trusted or not; nothing is sent to it. Fails with `tls` where it speaks no TLS. */
  certificate: base.input(z.object({ host })).output(serverCertificate),
  /** Trusts the certificate with this fingerprint for this host; `conflict` where the server shows another one now. */
  trust: base.input(z.object({ host, fingerprint: z.string() })).output(nothing),
  /** The certificates that Strata was told to trust. */
  trusted: base.output(z.array(serverCertificate.omit({ obstacle: true }))),
  /** Trusts it no more. */
  distrust: base.input(z.object({ host })).output(nothing),
  /** An image at a registry, without pulling it. `images.get` and `images.files` of the engine `registry` show it too. */
  inspect: base.input(z.object({ reference: z.string() })).output(imageDetail),
  /** What a copy would meet at `to`, as `checkPush` tells it of a push; `localDigest` is what `to` would name. */
  checkCopy: base.input(copyPlace).output(pushCheck),
  /** Copies an image between repositories without storing it here; rules as for `push`. */
  copy: base
    .input(
      copyPlace.extend({
        ...tagMoving,
        /** Signatures, SBOMs and attestations come along. */
        withReferrers: z.boolean().default(true),
      }),
    )
    .output(startedOperation),
};
