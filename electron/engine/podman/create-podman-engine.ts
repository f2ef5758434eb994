import { homedir } from 'node:os';
import { assembleEngine, type EngineAdapterOptions } from '../docker/assemble-engine.ts';
import type { Engine } from '../engine.ts';
import { createPodmanDialect } from './podman-dialect.ts';

/** Podman as an engine, over its service. Nothing is connected or loaded before the first use. */
export function createPodmanEngine(options: EngineAdapterOptions): Engine {
  const dialect = createPodmanDialect({
    host: options.host,
    env: options.env,
    homePath: options.homePath ?? homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  });
  return assembleEngine(dialect, options);
}
