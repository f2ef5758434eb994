import { z } from 'zod';
import { base, engineId } from './common.ts';

export const engineStatus = z.object({
  id: engineId,
  /** "Built-in engine", "Docker", "Podman". */
  name: z.string(),
  state: z.enum(['ready', 'unavailable']),
  /** Version and address, or what is wrong. */
  detail: z.string(),
  /** What to do when it is not ready. */
  hint: z.string().nullable(),
  version: z.string().nullable(),
  rootless: z.boolean(),
  can: z.object({
    build: z.boolean(),
    predict: z.boolean(),
    containers: z.boolean(),
    browseFiles: z.boolean(),
    prune: z.boolean(),
  }),
});
export type EngineStatus = z.infer<typeof engineStatus>;

export const engines = {
  list: base.output(z.array(engineStatus)),
};
