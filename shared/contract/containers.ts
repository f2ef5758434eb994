import { z } from 'zod';
import { base, engineId, nothing, streamOf } from './common.ts';

export const containerSummary = z.object({
  engine: engineId,
  id: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  command: z.string(),
  state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
  /** "Up 3 minutes", "Exited (0) 2 hours ago": the engine's words. */
  status: z.string(),
  createdAt: z.number(),
  ports: z.array(
    z.object({
      host: z.string().nullable(),
      hostPort: z.number().nullable(),
      containerPort: z.number(),
      protocol: z.string(),
    }),
  ),
  /** Its image's name points to a newer image now. */
  outdated: z.boolean(),
});
export type ContainerSummary = z.infer<typeof containerSummary>;

const address = z.object({ engine: engineId, id: z.string() });

export const containers = {
  list: base.input(z.object({ engine: engineId })).output(z.array(containerSummary)),
  start: base.input(address).output(nothing),
  stop: base.input(address).output(nothing),
  restart: base.input(address).output(nothing),
  remove: base.input(address.extend({ force: z.boolean().default(false) })).output(nothing),
  /** The last `tail` lines, then what follows, until aborted or the container ends. */
  logs: base
    .input(address.extend({ tail: z.number().int().min(0).max(10000).default(1000) }))
    .output(streamOf(z.object({ stream: z.enum(['stdout', 'stderr']), text: z.string() }))),
};
