import { homedir } from 'node:os';
import type { EngineStatus } from '#shared/contract/engines.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../engine.ts';
import { createEngineBuilder } from './build/docker-builder.ts';
import { createChangeFeed } from './change-feed.ts';
import { type Connector, createConnector } from './connection.ts';
import { createContainerControl } from './container-control.ts';
import { createDockerDialect } from './docker-dialect.ts';
import { formatEndpoint } from './endpoint.ts';
import type { EngineDialect } from './engine-dialect.ts';
import { createImageCatalog } from './image-catalog.ts';
import { createNativeTransfer } from './native-transfer.ts';
import { type CredentialsFor, NO_CREDENTIALS } from './registry-auth.ts';
import { readWire, wireInfo } from './wire.ts';

/** What an engine adapter needs from its host. */
export interface DockerEngineOptions {
  /** The user's setting: an address, or empty to search. */
  readonly host?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Credentials for pushes, pulls and the bases of builds. Default: none. */
  readonly credentialsFor?: CredentialsFor | undefined;
  /** Default: the user's home folder. */
  readonly homePath?: string | undefined;
}

/** Docker as an engine. Nothing is connected or loaded before the first use. */
export function createDockerEngine(options: DockerEngineOptions): Engine {
  const search = {
    host: options.host,
    env: options.env,
    homePath: options.homePath ?? homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  };
  return assembleEngine(createDockerDialect(search), options);
}

/** An engine that speaks Docker's API, by its dialect. */
export function assembleEngine(dialect: EngineDialect, options: DockerEngineOptions): Engine {
  const credentialsFor = options.credentialsFor ?? NO_CREDENTIALS;
  const connector = createConnector(dialect, options.env);
  const changes = createChangeFeed(connector);
  const images = createImageCatalog(dialect.id, connector, () => changes.notify('images'));
  return {
    id: dialect.id,
    name: dialect.name,
    status: (signal) => readStatus(dialect, connector, signal),
    images,
    containers: createContainerControl(dialect.id, connector),
    builder: createEngineBuilder(connector, {
      engine: dialect.name,
      credentialsFor,
      hasBuildKit: dialect.hasBuildKit,
    }),
    transfer: createNativeTransfer(dialect.name, connector, credentialsFor),
    changes,
    async close() {
      changes.close();
      images.close();
      connector.close();
    },
  };
}

async function readStatus(
  dialect: EngineDialect,
  connector: Connector,
  signal?: AbortSignal,
): Promise<EngineStatus> {
  const common = { id: dialect.id, name: dialect.name };
  try {
    // The ping is repeated: a connection from before tells nothing about now.
    return await connector.use(async ({ client, version, endpoint }) => {
      const info = readWire(wireInfo, await client.json({ path: '/info', signal }), 'itself');
      return {
        ...common,
        state: 'ready' as const,
        detail: `${version.version} at ${formatEndpoint(endpoint)}`,
        hint: null,
        version: version.version,
        rootless: info.SecurityOptions.some((option) => option.includes('rootless')),
        can: { build: true, predict: false, containers: true, browseFiles: false, prune: false },
      };
    }, signal);
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('internal', String(error));
    return {
      ...common,
      state: 'unavailable',
      detail: failure.message,
      hint: failure.hint ?? null,
      version: null,
      rootless: false,
      can: { build: false, predict: false, containers: false, browseFiles: false, prune: false },
    };
  }
}
