import { z } from 'zod';
import { base, engineId, imageAddress, platform, startedOperation } from './common.ts';

export const imageSummary = z.object({
  engine: engineId,
  /** Row identity within the engine: manifest digest of the built-in store, image ID of Docker. */
  id: z.string(),
  /** Familiar references that name it; empty when dangling. */
  names: z.array(z.string()),
  /** Compressed transfer size in bytes; null where the engine does not know it (Docker). */
  size: z.number().nullable(),
  /** Bytes of the unpacked files; null where not known yet. */
  unpackedSize: z.number().nullable(),
  /** Bytes that removing it would free. */
  uniqueSize: z.number().nullable(),
  createdAt: z.number().nullable(),
  platform: platform.nullable(),
  /** Where its names stand for several platforms: those that are here, itself included, each with its own `id`. */
  platforms: z.array(z.object({ platform, id: z.string() })).optional(),
  /** Digest of the index that lists these platforms, where all of it is here: what stands for all of them. */
  indexDigest: z.string().optional(),
  /** Oldest first, for the small stacked bar. */
  layers: z.array(z.object({ size: z.number(), base: z.boolean() })),
  /** Containers that run or ran from it. */
  usedBy: z.array(z.string()),
});
export type ImageSummary = z.infer<typeof imageSummary>;

export const layerView = z.object({
  /** Position in the image, 0 is the oldest. */
  index: z.number().int(),
  digest: z.string(),
  diffId: z.string(),
  mediaType: z.string(),
  /** Compressed transfer size. */
  size: z.number(),
  /** Sum of file sizes; null until the layer was indexed. */
  unpackedSize: z.number().nullable(),
  fileCount: z.number().nullable(),
  createdBy: z.string(),
  createdAt: z.number().nullable(),
  /** Whether it came with the base image. */
  base: z.boolean(),
  /** Other images of the same engine that hold it. */
  sharedWith: z.array(z.string()),
  /** Bytes of it that later layers hide or replace. */
  wastedBytes: z.number().nullable(),
});
export type LayerView = z.infer<typeof layerView>;

export const historyView = z.object({
  createdBy: z.string(),
  createdAt: z.number().nullable(),
  comment: z.string().nullable(),
  /** Index of the layer it made; null for a metadata step. */
  layer: z.number().nullable(),
  size: z.number(),
});

export const imageDetail = z.object({
  summary: imageSummary,
  manifestDigest: z.string().nullable(),
  /** Digest of the index that was asked for, where all its images are here: what a push of it sends. */
  indexDigest: z.string().optional(),
  imageId: z.string(),
  mediaType: z.string().nullable(),
  /** What it was built on, where that is known: the reference that FROM named, and its manifest then. */
  base: z.object({ name: z.string(), digest: z.string().nullable() }).nullable(),
  layers: z.array(layerView),
  /** Oldest first. */
  history: z.array(historyView),
  config: z.object({
    user: z.string(),
    workingDir: z.string(),
    entrypoint: z.array(z.string()).nullable(),
    cmd: z.array(z.string()).nullable(),
    env: z.array(z.string()),
    exposedPorts: z.array(z.string()),
    volumes: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    stopSignal: z.string(),
    healthcheck: z.string().nullable(),
    author: z.string(),
  }),
  /** The files of its layers can be listed. False for Docker's images, whose layers are history only. */
  browsable: z.boolean(),
  /** Of an image at a registry: what its reference leads to there. */
  remote: z
    .object({
      /** Without a digest where its tag still leads to it. */
      reference: z.string(),
      /** The list of images that holds it, null where there is none. */
      index: z.string().nullable(),
      /** All that the list holds. */
      platforms: z.array(z.object({ platform, digest: z.string() })),
    })
    .optional(),
  rawManifest: z.string().nullable(),
  rawConfig: z.string().nullable(),
});
export type ImageDetail = z.infer<typeof imageDetail>;

/** Two things side by side, by position in their images; null where that image has none. */
const sideBySide = z.object({
  before: z.number().int().nullable(),
  after: z.number().int().nullable(),
  same: z.boolean(),
});

/** How the image `after` differs from `before`; the files are asked for page by page. */
export const imageComparison = z.object({
  before: imageDetail,
  after: imageDetail,
  /** Oldest first; positions in `layers` of the two. */
  layers: z.array(sideBySide),
  /** Compressed bytes of the layers that both have. */
  sameBytes: z.number(),
  /** Numbers of files; directories do not count. */
  files: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  /** `env PATH`, `label version`, `cmd` …; null where it is not set. */
  config: z.array(
    z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** Oldest first; positions in `history` of the two. */
  history: z.array(sideBySide),
});
export type ImageComparison = z.infer<typeof imageComparison>;

/** A file that differs, or a directory that came or went with all that is below it. */
export const fileDifference = z.object({
  path: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  isDirectory: z.boolean(),
  /** Changed, but not its bytes: mode, owner, link target or extended attributes. */
  sameContent: z.boolean(),
  /** Files that the row stands for; 0 for a directory of which only the attributes differ. */
  files: z.number(),
  before: z.number().nullable(),
  after: z.number().nullable(),
});
export type FileDifference = z.infer<typeof fileDifference>;

/** Which page of the files of a comparison; `query`: only paths that contain it. */
export const differenceQuery = z.object({
  engine: engineId,
  a: imageAddress.shape.ref,
  b: imageAddress.shape.ref,
  query: z.string().max(200).default(''),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(500),
});

export const fileRow = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(['file', 'directory', 'symlink', 'hardlink', 'fifo', 'char', 'block']),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  /** Own bytes of a file; of a directory the sum below it. */
  size: z.number(),
  mtime: z.number(),
  linkTarget: z.string().nullable(),
  /** Against the layers below. `none`: it only leads to changes, or was there before. */
  change: z.enum(['added', 'changed', 'removed', 'none']),
  /** Layer that last wrote it. */
  layer: z.number().int(),
  hasChildren: z.boolean(),
});
export type FileRow = z.infer<typeof fileRow>;

export const fileQuery = imageAddress.extend({
  layer: z.number().int(),
  /** `layer`: what this layer adds, changes, removes. `stack`: the file system up to it. */
  view: z.enum(['layer', 'stack']),
  /** Directory to list, '' for the root. */
  path: z.string(),
  sort: z.enum(['name', 'size']).default('name'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(500),
});

const fileAddress = imageAddress.extend({ layer: z.number().int(), path: z.string() });

export const waste = z.object({
  wastedBytes: z.number(),
  /** 0 to 1: bytes that remain visible of all bytes shipped. */
  efficiency: z.number(),
  items: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      copies: z.number(),
      kind: z.enum(['replaced', 'removed']),
    }),
  ),
});
export const advice = z.object({
  title: z.string(),
  detail: z.string(),
  bytes: z.number().nullable(),
  layer: z.number().nullable(),
});

const sendInput = z.object({
  ref: imageAddress.shape.ref,
  /** The engine that gets it. */
  to: engineId,
  name: z.string().max(500).optional(),
});
const takeInput = imageAddress.extend({
  name: z.string().max(500).optional(),
  /** `linux/arm64`; what the engine has for itself by default. */
  platform: z.string().max(100).optional(),
});

export const images = {
  list: base.input(z.object({ engine: engineId })).output(z.array(imageSummary)),
  get: base.input(imageAddress).output(imageDetail),
  files: base.input(fileQuery).output(z.object({ rows: z.array(fileRow), total: z.number() })),
  /**
   * Reads layers of an image at a registry once, so that their files can be listed. `files` would do so too, without
   * telling how far it is.
   */
  readLayers: base
    .input(imageAddress.extend({ layers: z.array(z.number().int().min(0)).max(1000) }))
    .output(startedOperation),
  /** Files whose path contains the words of `query`, best first, at most `limit`. */
  searchFiles: base
    .input(
      fileQuery.omit({ path: true, sort: true, offset: true }).extend({ query: z.string().min(1).max(200) }),
    )
    .output(z.object({ rows: z.array(fileRow), total: z.number() })),
  /** The beginning of a file for reading: `text` when it is text, null else. */
  previewFile: base
    .input(fileAddress)
    .output(z.object({ size: z.number(), text: z.string().nullable(), truncated: z.boolean() })),
  /** Saves one file out of a layer: by dialog on the desktop (`path`), as a one-time address in the web host (`url`). */
  exportFile: base
    .input(fileAddress)
    .output(z.object({ path: z.string().nullable(), url: z.string().nullable() })),
  waste: base
    .input(imageAddress)
    .output(z.object({ waste, advice: z.array(advice), wastedByLayer: z.array(z.number()) })),
  /** How image `b` differs from image `a`, both of one engine. */
  compare: base.input(differenceQuery.pick({ engine: true, a: true, b: true })).output(imageComparison),
  /** The files in which they differ, largest difference first. */
  compareFiles: base
    .input(differenceQuery)
    .output(z.object({ rows: z.array(fileDifference), total: z.number() })),
  /** Points `name` at the image; returns what the name pointed at before, for undo. */
  tag: base
    .input(imageAddress.extend({ name: z.string() }))
    .output(z.object({ name: z.string(), previous: z.string().nullable() })),
  /** Where a name points now (image id), null when it is free; fails with `invalid-input` for a bad name. */
  resolveName: base
    .input(z.object({ engine: engineId, name: z.string() }))
    .output(z.object({ name: z.string(), id: z.string().nullable() })),
  untag: base
    .input(z.object({ engine: engineId, name: z.string() }))
    .output(z.object({ previous: z.string().nullable() })),
  /** What removing them would free and what stands against it. */
  previewRemove: base.input(z.object({ engine: engineId, ids: z.array(z.string()) })).output(
    z.object({
      freesBytes: z.number().nullable(),
      blocked: z.array(z.object({ id: z.string(), why: z.string() })),
    }),
  ),
  remove: base
    .input(z.object({ engine: engineId, ids: z.array(z.string()), force: z.boolean().default(false) }))
    .output(
      z.object({
        removed: z.array(z.string()),
        failed: z.array(z.object({ id: z.string(), message: z.string() })),
      }),
    ),
  save: base.input(imageAddress.extend({ format: z.enum(['oci', 'docker']) })).output(startedOperation),
  /** Sends an image of the store to Docker or Podman; `name` is what it is called there, its own by default. */
  send: base.input(sendInput).output(startedOperation),
  /** Takes an image out of Docker or Podman into the store; `name` is what it is called here, its own by default. */
  take: base.input(takeInput).output(startedOperation),
  /**
   * The images in a layout folder or archive that was chosen by dialog or by granted path, without loading it. The other
   * calls show each under the engine `archive` and the `id` told here as `ref`.
   */
  archive: base
    .input(z.object({ path: z.string().max(4096) }))
    .output(z.object({ path: z.string(), images: z.array(imageSummary) })),
  /** Loads an OCI layout (folder or tar) or docker archive chosen by dialog or by granted path. */
  load: base.input(z.object({ path: z.string() })).output(startedOperation),
};
