import { homedir } from 'node:os';
import type { Engine } from '../engine.ts';
import { assembleEngine, type EngineAdapterOptions } from './assemble-engine.ts';
import { createDockerDialect } from './docker-dialect.ts';

/** Docker as an engine. Nothing is connected or loaded before the first use. */
export function createDockerEngine(options: EngineAdapterOptions): Engine {
  const dialect = createDockerDialect({
    host: options.host,
    env: options.env,
    homePath: options.homePath ?? homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  });
  return assembleEngine(dialect, options);
}
