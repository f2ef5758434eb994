import { z } from 'zod';
import { baseUse, pinnedLine } from './bases.ts';
import { base, engineId, nothing, sourceRange, streamOf } from './common.ts';

/** Where the value of a secret is: in a file or in a variable. The value itself is never part of the options. */
export const buildSecret = z.object({
  id: z.string(),
  file: z.string().optional(),
  env: z.string().optional(),
});
export type BuildSecret = z.infer<typeof buildSecret>;

/** What a build is asked to do; remembered per project. */
export const buildOptions = z.object({
  /** Path of the Dockerfile relative to the project folder, or absolute. Default `Dockerfile`. */
  dockerfile: z.string().optional(),
  tags: z.array(z.string()).default([]),
  /** Stage to build; default the last. */
  target: z.string().optional(),
  buildArgs: z.record(z.string(), z.string()).default({}),
  /** Such as `linux/arm64`; several with commas between them give one index. Default: this machine's. */
  platform: z.string().optional(),
  noCache: z.boolean().default(false),
  /** Stages (by name or number) that are built anew although `noCache` is off. */
  noCacheFilter: z.array(z.string()).optional(),
  /** Asks the registry for every base image, also for those that are here. */
  pull: z.boolean().optional(),
  /** Labels of the image, over those of the Dockerfile. */
  labels: z.record(z.string(), z.string()).optional(),
  /**
   * Named build contexts: a folder (absolute, or relative to the project), `docker-image://REF`,
   * `oci-layout://FOLDER[:TAG]`, `target:STAGE`, or the address of a git repository, `https://….git#REF:FOLDER`.
   */
  contexts: z.record(z.string(), z.string()).optional(),
  /** What RUN --mount=type=secret finds: the bytes of a file or the value of a variable of this process. */
  secrets: z.array(buildSecret).optional(),
  /** What RUN --mount=type=ssh finds: `socket` of an agent, by default that of SSH_AUTH_SOCK. */
  ssh: z.array(z.object({ id: z.string(), socket: z.string().optional() })).optional(),
  /** Rights that steps may ask for: `security.insecure`. */
  allow: z.array(z.string()).optional(),
  /**
   * Equal input gives an equal image: no time in it is newer than SOURCE_DATE_EPOCH, or than 1970 where that is not
   * set. Base layers stay as they are. Of the built-in engine; others refuse it.
   */
  reproducible: z.boolean().optional(),
  /** Shared caches to look into, in order: a reference, `type=registry,ref=REF` or `type=local,src=FOLDER`. */
  cacheFrom: z.array(z.string()).optional(),
  /** Shared caches to write: the same with `dest=FOLDER`, and `mode=min|max`, `ignore-error=true|false`. */
  cacheTo: z.array(z.string()).optional(),
  engine: engineId.default('builtin'),
});
export type BuildOptions = z.infer<typeof buildOptions>;

export const projectSummary = z.object({
  id: z.string(),
  /** Folder name, as a title. */
  name: z.string(),
  path: z.string(),
  /** The path as a person writes it, with ~ for home. */
  displayPath: z.string(),
  options: buildOptions,
  lastBuild: z
    .object({
      id: z.string(),
      state: z.enum(['running', 'done', 'failed', 'cancelled']),
      startedAt: z.number(),
      ms: z.number().nullable(),
      hits: z.number(),
      steps: z.number(),
    })
    .nullable(),
  /** Set when the folder or its Dockerfile is gone, in words. */
  problem: z.string().nullable(),
});
export type ProjectSummary = z.infer<typeof projectSummary>;

/** A folder of the history of builds that is no project: what was built by the command line alone. */
export const builtFolder = z.object({
  /** Its newest build; adding the folder takes over that one's options. */
  build: z.string(),
  name: z.string(),
  /** The path as a person writes it, with ~ for home. */
  displayPath: z.string(),
  tags: z.array(z.string()),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAt: z.number(),
});
export type BuiltFolder = z.infer<typeof builtFolder>;

export const checkFinding = z.object({
  rule: z.string(),
  severity: z.enum(['warning', 'error']),
  description: z.string(),
  detail: z.string(),
  url: z.string(),
  range: sourceRange,
});
export type CheckFinding = z.infer<typeof checkFinding>;

/** One instruction of the Dockerfile for the source gutter. */
export const sourceInstruction = z.object({
  keyword: z.string(),
  range: sourceRange,
  /** Index of the stage it belongs to, from 0; -1 for ARG before the first FROM. */
  stage: z.number().int(),
  stageName: z.string().nullable(),
});

/** What a line means here, where that is no finding: a parser directive. */
export const sourceNote = z.object({ line: z.number().int(), text: z.string() });
export type SourceNote = z.infer<typeof sourceNote>;

export const projectSource = z.object({
  path: z.string(),
  /** Name relative to the project. */
  name: z.string(),
  text: z.string(),
  instructions: z.array(sourceInstruction),
  stages: z.array(
    z.object({ index: z.number(), name: z.string().nullable(), base: z.string(), line: z.number() }),
  ),
  /** ARGs a build may set, with their defaults: they fill the options dialog. */
  args: z.array(z.object({ name: z.string(), default: z.string().nullable() })),
  /** Ids of the secrets that its steps mount, in file order. */
  secrets: z.array(z.string()),
  checks: z.array(checkFinding),
  notes: z.array(sourceNote),
  /** The first syntax error, which makes a build impossible. */
  error: z.object({ message: z.string(), hint: z.string().optional(), range: sourceRange }).nullable(),
});
export type ProjectSource = z.infer<typeof projectSource>;

/** Why a step is not taken from the cache. `detail` is a sentence for people. */
export const reason = z.object({
  kind: z.string(),
  detail: z.string(),
  paths: z.array(z.string()).optional(),
});
export type Reason = z.infer<typeof reason>;

export const plannedStep = z.object({
  stage: z.string(),
  /** As in {@link buildStep}: only where several are built for. */
  platform: z.string().optional(),
  line: z.number(),
  endLine: z.number(),
  instruction: z.string(),
  /** Secrets, cache mounts and agents it gets, in words: their content does not count for the cache. */
  uncounted: z.array(z.string()).optional(),
  /** `fails`: what is known already makes it impossible; the steps behind it are `unknown` then. */
  predicted: z.enum(['hit', 'miss', 'unknown', 'fails']),
  reasons: z.array(reason),
  /** Why it fails, and what to do. */
  error: z.object({ message: z.string(), hint: z.string().optional() }).optional(),
});
export type PlannedStep = z.infer<typeof plannedStep>;

/** What would make builds of a project faster or its image smaller, with what it costs now. */
export const buildAdvice = z.object({
  kind: z.enum(['order', 'runs', 'base', 'image']),
  title: z.string(),
  /** Sentences for people: the numbers, and what to do. */
  detail: z.string(),
  /** Line of the Dockerfile; null where it is about the image as a whole. */
  line: z.number().int().nullable(),
  /** Rebuilds that it cost in the builds that were looked at. */
  rebuilds: z.number().int().nullable(),
  /** Time that these rebuilds took. */
  ms: z.number().nullable(),
  /** Bytes that could be saved. */
  bytes: z.number().nullable(),
});
export type BuildAdvice = z.infer<typeof buildAdvice>;

export const contextPreview = z.object({
  files: z.number(),
  bytes: z.number(),
  ignoredFiles: z.number(),
  ignoredBytes: z.number(),
  /** Largest folders (and files) at the top two levels, largest first. */
  biggest: z.array(z.object({ path: z.string(), bytes: z.number(), files: z.number() })),
  warnings: z.array(z.object({ path: z.string(), detail: z.string() })),
  /** Name of the ignore file that was used, null when there is none. */
  ignoreFile: z.string().nullable(),
});
export type ContextPreview = z.infer<typeof contextPreview>;

const byId = z.object({ id: z.string() });

export const projects = {
  list: base.output(z.array(projectSummary)),
  /** `path` must have been granted: chosen in a dialog, or by `folders.choose`. */
  add: base.input(z.object({ path: z.string() })).output(projectSummary),
  /** Folders that the command line built and that are still there, the last built first. */
  built: base.output(z.array(builtFolder)),
  /** Adds the folder of a build that {@link built} names. */
  addBuilt: base.input(z.object({ build: z.string() })).output(projectSummary),
  /** Forgets the project; its folder is not touched. */
  remove: base.input(byId).output(nothing),
  setOptions: base.input(z.object({ id: z.string(), options: buildOptions })).output(projectSummary),
  source: base.input(z.object({ id: z.string(), dockerfile: z.string().optional() })).output(projectSource),
  /** Predicts each step with the code that builds. */
  predict: base.input(z.object({ id: z.string(), options: buildOptions })).output(z.array(plannedStep)),
  context: base.input(z.object({ id: z.string(), dockerfile: z.string().optional() })).output(contextPreview),
  /**
   * From the last 20 builds, the Dockerfile and the last image: what costs most first. `measured`: the registry is asked
   * for smaller variants of the base too.
   */
  advice: base.input(byId.extend({ measured: z.boolean().default(false) })).output(z.array(buildAdvice)),
  /** The images that its Dockerfile takes from elsewhere; `check` asks their registries what the tags name, by HEAD. */
  bases: base
    .input(z.object({ id: z.string(), dockerfile: z.string().optional(), check: z.boolean().default(false) }))
    .output(z.array(baseUse)),
  /**
   * Writes a digest behind an image: with `preview` it only tells the change; with the preview's `fingerprint` and
   * `digest` it writes that very change, and fails with `conflict` where the file has changed since.
   */
  pinBase: base
    .input(
      z.object({
        id: z.string(),
        dockerfile: z.string().optional(),
        line: z.number().int(),
        written: z.string().optional(),
        digest: z.string().optional(),
        fingerprint: z.string().optional(),
        preview: z.boolean(),
      }),
    )
    .output(pinnedLine),
  /**
   * Takes back what `pinBase` wrote, by its `undo`. Fails with `conflict` where the file has changed since, with
   * `not-found` where it is too long ago.
   */
  undoPin: base.input(z.object({ undo: z.string() })).output(z.object({ path: z.string() })),
  /** Tells, debounced, that files of the project changed on disk. */
  watch: base.input(byId).output(streamOf(z.object({ paths: z.array(z.string()) }))),
  /** Writes the sample project into a new folder, adds it and assembles its base image in the store. */
  createSample: base.input(z.object({ path: z.string() })).output(projectSummary),
};

/** Which files are listed beside the folders; with `all` hidden ones too, since secrets often are. */
export const browsedFiles = z.enum(['none', 'archives', 'all']);
export type BrowsedFiles = z.infer<typeof browsedFiles>;

/** Choosing folders: natively on the desktop, by browsing in the web host. */
export const folders = {
  /**
   * Opens the native dialog; null when it was cancelled. Fails with `unsupported` on the web host. `what`: a
   * folder, an image archive to load, the folder of an image layout, any file, or the place of a folder that does not exist yet.
   */
  choose: base
    .input(
      z.object({
        title: z.string(),
        what: z.enum(['folder', 'archive', 'layout', 'file', 'new-folder']).default('folder'),
      }),
    )
    .output(z.object({ path: z.string() }).nullable()),
  /** Lists the folders, and on demand tar archives or all files, in one folder of this machine, for the in-app chooser. */
  browse: base.input(z.object({ path: z.string().optional(), show: browsedFiles.default('none') })).output(
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      /** Whether the listed folder itself holds a Dockerfile. */
      hasDockerfile: z.boolean(),
      /** The listed folder itself is an OCI layout, which holds images. */
      isLayout: z.boolean(),
      entries: z.array(
        z.object({
          name: z.string(),
          path: z.string(),
          hasDockerfile: z.boolean(),
          /** What it is beside a folder that may be built; absent for other folders. */
          kind: z.enum(['archive', 'file', 'layout']).optional(),
        }),
      ),
    }),
  ),
};
