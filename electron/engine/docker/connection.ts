import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { AppError } from '#shared/errors/app-error.ts';
import { errnoOf } from '../../platform/file-errors.ts';
import { NEWEST_API, negotiateApiVersion } from './api-version.ts';
import { cancelled, createDockerClient, type DockerClient } from './docker-client.ts';
import { type Endpoint, type EndpointCandidate, formatEndpoint } from './endpoint.ts';
import type { Absence, EngineDialect, EngineVersion } from './engine-dialect.ts';
import { createAgent, createModem } from './modem.ts';
import { plainReason } from './plain-reason.ts';
import { readVersion } from './wire.ts';

/** A reached engine. */
export interface EngineConnection {
  readonly client: DockerClient;
  readonly endpoint: Endpoint;
  readonly version: EngineVersion;
  /** The API version that is spoken: `1.41`. */
  readonly apiVersion: string;
}

/** Finds the engine when it is first needed and again after it was lost. */
export interface Connector {
  /** Throws {@link EngineAbsent}, or `invalid-input` for an address that is none. */
  connect(signal?: AbortSignal): Promise<EngineConnection>;
  /** Runs `action` on the connection; a connection that turns out broken is forgotten. */
  use<T>(action: (connection: EngineConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Forgets the connection, so that the next use searches again. */
  forget(): void;
  /** Ends the connections. */
  close(): void;
}

/** No engine answers. `absence` says why; the message and hint are the dialect's. */
export class EngineAbsent extends AppError {
  readonly absence: Absence;

  constructor(absence: Absence, engine: string, words: { detail: string; hint: string }, cause?: unknown) {
    super('engine-unavailable', words.detail, {
      hint: words.hint,
      detail: { kind: 'engine', engine },
      cause,
    });
    this.absence = absence;
  }
}

/** Podman asks the package manager before it tells its version: seconds on a machine that is busy. */
const PING_MS = 10_000;

/** A connector for a dialect. `env` is what a spawned ssh gets. dockerode is loaded with the first endpoint that is there. */
export function createConnector(dialect: EngineDialect, env: NodeJS.ProcessEnv): Connector {
  let current: Promise<EngineConnection> | null = null;
  let agent: Agent | null = null;

  const open = async (candidate: EndpointCandidate): Promise<EngineConnection | Absence> => {
    const address = formatEndpoint(candidate.endpoint);
    const before = await lookAtSocket(candidate.endpoint);
    if (before !== null) return before;
    try {
      const opened = await ping(candidate.endpoint, dialect, env);
      agent = opened.agent;
      return opened.connection;
    } catch (error) {
      return absenceOf(error, address, candidate.origin);
    }
  };

  const search = async (): Promise<EngineConnection> => {
    const absences: Absence[] = [];
    for (const candidate of await dialect.endpoints()) {
      const found = await open(candidate);
      if ('kind' in found) absences.push(named(found, candidate));
      else if (candidate.explicit || dialect.recognises(found.version)) return found;
    }
    const absence = worst(absences);
    throw new EngineAbsent(absence, dialect.id, await dialect.explain(absence));
  };

  // What other requests have under way goes on: a build may outlive a broken stream of events.
  const forget = () => {
    current = null;
  };

  const connect = async (signal?: AbortSignal): Promise<EngineConnection> => {
    if (signal?.aborted) throw cancelled(signal);
    if (current === null) {
      const attempt = search();
      current = attempt;
      attempt.catch(() => {
        if (current === attempt) current = null;
      });
    }
    return current;
  };

  return {
    connect,
    async use(action, signal) {
      const connection = await connect(signal);
      const used = current;
      try {
        return await action(connection);
      } catch (error) {
        // Another request may have connected anew meanwhile: its connection stays.
        const broken = error instanceof AppError && error.code === 'engine-unavailable';
        if (broken && current === used) forget();
        throw error;
      }
    },
    forget,
    close: () => {
      forget();
      agent?.destroy();
    },
  };
}

/** A socket that is not there or may not be opened is known without loading or asking anything. */
async function lookAtSocket(endpoint: Endpoint): Promise<Absence | null> {
  if (endpoint.kind !== 'socket' || process.platform === 'win32') return null;
  try {
    await stat(endpoint.path);
    await access(endpoint.path, constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    const denied = errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM';
    return denied ? { kind: 'no-permission', address: endpoint.path } : { kind: 'not-found' };
  }
}

async function ping(
  endpoint: Endpoint,
  dialect: EngineDialect,
  env: NodeJS.ProcessEnv,
): Promise<{ connection: EngineConnection; agent: Agent }> {
  const agent = await createAgent(endpoint, env);
  const context = { engine: dialect.name, address: formatEndpoint(endpoint) };
  const unversioned = createDockerClient(await createModem(endpoint, agent, undefined), context);
  const answer = await unversioned.json({ path: '/version', signal: AbortSignal.timeout(PING_MS) });
  const version = readVersion(answer);
  const apiVersion = negotiateApiVersion(version);
  if (apiVersion === null) throw new TooNew(version.minApiVersion ?? '');
  const client = createDockerClient(await createModem(endpoint, agent, `v${apiVersion}`), context);
  return { connection: { client, endpoint, version, apiVersion }, agent };
}

class TooNew extends Error {
  readonly minApiVersion: string;

  constructor(minApiVersion: string) {
    super(`The engine speaks API ${minApiVersion} and newer only, Strata ${NEWEST_API}.`);
    this.minApiVersion = minApiVersion;
  }
}

function absenceOf(error: unknown, address: string, origin: string): Absence {
  const cause = error instanceof AppError ? (error.cause ?? error) : error;
  if (cause instanceof TooNew) return { kind: 'too-new', address, minApiVersion: cause.minApiVersion };
  const code = errnoOf(cause);
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'no-permission', address };
  if (code === 'ENOENT') return { kind: 'not-found' };
  if (code === 'ECONNREFUSED') return { kind: 'not-running', address };
  return { kind: 'unreachable', address, origin, why: plainReason(cause) };
}

/** For an address somebody chose, "not found" would not tell which. */
function named(absence: Absence, candidate: EndpointCandidate): Absence {
  if (!candidate.explicit || absence.kind !== 'not-found') return absence;
  const address = formatEndpoint(candidate.endpoint);
  return { kind: 'unreachable', address, origin: candidate.origin, why: 'nothing is there' };
}

const RANK: readonly Absence['kind'][] = [
  'no-permission',
  'too-new',
  'unreachable',
  'not-running',
  'not-found',
];

/** The absence that says most: a socket one may not open tells more than one that is missing. */
function worst(absences: readonly Absence[]): Absence {
  const byRank = [...absences].sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind));
  return byRank[0] ?? { kind: 'not-found' };
}
