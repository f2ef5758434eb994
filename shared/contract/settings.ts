import { z } from 'zod';
import { base, startedOperation } from './common.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

const field = {
  theme: z.enum(['system', 'dark', 'light']),
  engine: z.string(),
  dockerHost: z.string(),
  insecureHosts: z.array(z.string()),
  mirrors: z.record(z.string(), z.string()),
  floatingTags: z.array(z.string()),
  immutableRepositories: z.array(z.string()),
  keepBuilds: z.number().int().min(1).max(100_000),
  keepBuildDays: z.number().int().min(0).max(36_500),
};

/** Some settings, to change them. Without defaults: a field that is absent stays as it is. */
export const settingsChange = z.object(field).partial();
export type SettingsChange = z.infer<typeof settingsChange>;

export const settingsView = z.object({
  theme: field.theme.default(DEFAULT_SETTINGS.theme),
  /** Engine shown first. */
  engine: field.engine.default(DEFAULT_SETTINGS.engine),
  /** Docker socket or address to use; empty: found by itself. */
  dockerHost: field.dockerHost.default(DEFAULT_SETTINGS.dockerHost),
  /** Hosts (with port) that may be spoken to over plain http or with an unverified certificate. */
  insecureHosts: field.insecureHosts.default(DEFAULT_SETTINGS.insecureHosts),
  /** Registry host to the host asked first instead: { "docker.io": "localhost:5000" }. */
  mirrors: field.mirrors.default(DEFAULT_SETTINGS.mirrors),
  /** Tag names that are meant to move. */
  floatingTags: field.floatingTags.default(DEFAULT_SETTINGS.floatingTags),
  /** Repositories (`acme/web`, `ghcr.io/acme/*`) whose tags move only when their name is typed; absent: none. */
  immutableRepositories: field.immutableRepositories.optional(),
  /** How many build records are kept, the newest; absent: 500. */
  keepBuilds: field.keepBuilds.optional(),
  /** Build records older than so many days are removed; 0 or absent: however old. */
  keepBuildDays: field.keepBuildDays.optional(),
});
export type SettingsView = z.infer<typeof settingsView>;

export const diagnostic = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warning', 'problem']),
  finding: z.string(),
  /** What to do, null when nothing. */
  mend: z.string().nullable(),
  /** A command to copy, null when none. */
  command: z.string().nullable(),
});
export type Diagnostic = z.infer<typeof diagnostic>;

export const settings = {
  get: base.output(settingsView),
  update: base.input(settingsChange).output(settingsView),
  diagnose: base.output(z.array(diagnostic)),
};

export const storageUsage = z.object({
  path: z.string(),
  totalBytes: z.number(),
  /** What uses the space, largest first: images, build cache, unpacked layers, build records, temporary. */
  parts: z.array(
    z.object({ id: z.string(), title: z.string(), bytes: z.number(), count: z.number(), detail: z.string() }),
  ),
  /** What a clean-up would remove and free. */
  reclaimable: z.object({
    bytes: z.number(),
    items: z.array(z.object({ title: z.string(), bytes: z.number(), detail: z.string() })),
  }),
});
export type StorageUsage = z.infer<typeof storageUsage>;

/** What a clean-up takes. `wholeCache`: of the build cache all that no image with a name has, also of recent builds. */
const cleanUpScope = z.object({ wholeCache: z.boolean().optional() }).optional();

export const storage = {
  usage: base.input(cleanUpScope).output(storageUsage),
  prune: base.input(cleanUpScope).output(startedOperation),
};
