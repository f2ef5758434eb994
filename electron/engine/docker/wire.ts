import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import type { EngineVersion } from './engine-dialect.ts';

/**
 * The engine's JSON as far as Strata reads it, in the engine's spelling. Engines leave fields out or send null
 * (Docker 29 omits empty ones, Podman others), so that nearly all may be missing.
 */
const strings = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
const keys = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => Object.keys(value ?? {}));

const wireVersion = z.object({
  Version: text,
  ApiVersion: z.string(),
  MinAPIVersion: z.string().nullish(),
  Os: text,
  Arch: text,
  Components: z.array(z.object({ Name: text })).nullish(),
});

export const wireImage = z.object({
  Id: z.string(),
  RepoTags: strings,
  RepoDigests: strings,
  Created: z.number(),
  Size: z.number(),
  SharedSize: z.number().nullish(),
});
/** One row of `GET /images/json`. */
export type WireImage = z.infer<typeof wireImage>;

export const wireHistory = z.object({
  Created: z.number(),
  CreatedBy: text,
  Comment: text,
  Size: z.number().catch(0),
});
/** One row of `GET /images/{name}/history`, newest first. */
export type WireHistory = z.infer<typeof wireHistory>;

export const wireImageInspect = z.object({
  Id: z.string(),
  RepoTags: strings,
  RepoDigests: strings,
  Created: z.string().nullish(),
  Size: z.number().catch(0),
  Author: text,
  Architecture: text,
  Variant: text,
  Os: text,
  OsVersion: text,
  RootFS: z.object({ Layers: strings }).nullish(),
  /** Of the manifest, where the engine keeps images as registries do (containerd image store). */
  Descriptor: z.object({ mediaType: z.string(), digest: z.string() }).nullish(),
  Config: z
    .object({
      User: text,
      WorkingDir: text,
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      Env: strings,
      ExposedPorts: keys,
      Volumes: keys,
      Labels: labels,
      StopSignal: text,
      Healthcheck: z.object({ Test: strings }).nullish(),
    })
    .nullish(),
});
/** `GET /images/{name}/json`. */
export type WireImageInspect = z.infer<typeof wireImageInspect>;

export const wireContainer = z.object({
  Id: z.string(),
  Names: strings,
  Image: text,
  ImageID: text,
  Command: z.union([z.string(), z.array(z.string())]).nullish(),
  Created: z.number(),
  State: text,
  Status: text,
  Ports: z
    .array(
      z.object({
        IP: z.string().nullish(),
        PrivatePort: z.number(),
        PublicPort: z.number().nullish(),
        Type: z.string().nullish(),
      }),
    )
    .nullish()
    .transform((value) => value ?? []),
});
/** One row of `GET /containers/json`. */
export type WireContainer = z.infer<typeof wireContainer>;

export const wireContainerInspect = z.object({
  Id: z.string(),
  Config: z.object({ Image: text, Tty: z.boolean().nullish() }).nullish(),
});

export const wireInfo = z.object({ SecurityOptions: strings });

/** Reads the engine's answer; throws `malformed` when it is not what the API promises. */
export function readWire<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('malformed', `The engine's answer about ${what} cannot be read.`, {
    hint: 'Is it Docker or Podman that listens at this address?',
    cause: result.error,
  });
}

/** Reads `GET /version`. */
export function readVersion(value: unknown): EngineVersion {
  const wire = readWire(wireVersion, value, 'its version');
  return {
    version: wire.Version,
    apiVersion: wire.ApiVersion,
    minApiVersion: wire.MinAPIVersion ?? null,
    components: (wire.Components ?? []).map(({ Name }) => Name),
    os: wire.Os,
    architecture: wire.Arch,
  };
}
