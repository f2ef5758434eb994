import type { Engine } from '../engine.ts';
import { createEngineBuilder } from './build/docker-builder.ts';
import { createChangeFeed } from './change-feed.ts';
import { createConnector } from './connection.ts';
import { createContainerControl } from './container-control.ts';
import type { EngineDialect } from './engine-dialect.ts';
import { readEngineStatus } from './engine-status.ts';
import { createImageCatalog } from './image-catalog.ts';
import { createImageExchange } from './image-exchange.ts';
import { createNativeTransfer } from './native-transfer.ts';
import { type CredentialsFor, NO_CREDENTIALS } from './registry-auth.ts';

/** What an engine adapter needs from its host. */
export interface EngineAdapterOptions {
  /** The user's setting: an address, or empty to search. */
  readonly host?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Credentials for pushes, pulls and the bases of builds. Default: none. */
  readonly credentialsFor?: CredentialsFor | undefined;
  /** Default: the user's home folder. */
  readonly homePath?: string | undefined;
}

/** An engine that speaks Docker's API, by its dialect. Nothing is connected or loaded before the first use. */
export function assembleEngine(dialect: EngineDialect, options: EngineAdapterOptions): Engine {
  const credentialsFor = options.credentialsFor ?? NO_CREDENTIALS;
  const connector = createConnector(dialect, options.env);
  const changes = createChangeFeed(connector);
  const images = createImageCatalog(dialect.id, connector, () => changes.notify('images'));
  return {
    id: dialect.id,
    name: dialect.name,
    status: (signal) => readEngineStatus(dialect, connector, signal),
    images,
    containers: createContainerControl(dialect.id, connector),
    builder: createEngineBuilder(connector, {
      engine: dialect.name,
      credentialsFor,
      hasBuildKit: dialect.hasBuildKit,
    }),
    transfer: createNativeTransfer(dialect.name, connector, credentialsFor),
    exchange: createImageExchange(dialect.name, connector),
    changes,
    async close() {
      changes.close();
      images.close();
      connector.close();
    },
  };
}
