import type { EngineStatus } from '#shared/contract/engines.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type Connector, EngineAbsent } from './connection.ts';
import { formatEndpoint } from './endpoint.ts';
import type { EngineDialect } from './engine-dialect.ts';
import { readWire, wireInfo } from './wire.ts';

const CANNOT: EngineStatus['can'] = {
  build: false,
  predict: false,
  containers: false,
  browseFiles: false,
  prune: false,
};

/** The state of an engine now, in words when it is not ready. Never throws. */
export async function readEngineStatus(
  dialect: EngineDialect,
  connector: Connector,
  signal?: AbortSignal,
): Promise<EngineStatus> {
  try {
    return await askTwice(dialect, connector, signal);
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('internal', String(error));
    return {
      id: dialect.id,
      name: dialect.name,
      state: 'unavailable',
      detail: failure.message,
      hint: failure.hint ?? null,
      version: null,
      rootless: false,
      can: CANNOT,
    };
  }
}

/** A connection from before may be to an engine that has stopped: the second try searches anew and knows why. */
async function askTwice(
  dialect: EngineDialect,
  connector: Connector,
  signal?: AbortSignal,
): Promise<EngineStatus> {
  try {
    return await ask(dialect, connector, signal);
  } catch (error) {
    const wasLost =
      error instanceof AppError && error.code === 'engine-unavailable' && !(error instanceof EngineAbsent);
    if (!wasLost) throw error;
    return ask(dialect, connector, signal);
  }
}

function ask(dialect: EngineDialect, connector: Connector, signal?: AbortSignal): Promise<EngineStatus> {
  return connector.use(async ({ client, version, endpoint }) => {
    const info = readWire(wireInfo, await client.json({ path: '/info', signal }), 'itself');
    return {
      id: dialect.id,
      name: dialect.name,
      state: 'ready',
      detail: `${version.version} at ${formatEndpoint(endpoint)}`,
      hint: null,
      version: version.version,
      rootless: info.SecurityOptions.some((option) => option.includes('rootless')),
      can: { ...CANNOT, build: true, containers: true },
    };
  }, signal);
}
