import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type DockerModem from 'docker-modem';
import { AppError } from '#shared/errors/app-error.ts';
import { connectionError, requestError } from './docker-errors.ts';

type QueryValue =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, unknown>>
  | undefined;

/** One call of the engine's API. `path` is without version and query: `/images/json`. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'HEAD' | undefined;
  readonly path: string;
  /** Objects are sent as JSON, lists as repeated keys, undefined not at all. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Sent as a tar. */
  readonly upload?: Readable | undefined;
  /** Value of `X-Registry-Auth`, before encoding. */
  readonly registryAuth?: Readonly<Record<string, unknown>> | undefined;
  /** Value of `X-Registry-Config`, before encoding: credentials by registry. */
  readonly registryConfig?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The engine's HTTP API over one endpoint. Every method throws AppErrors, `cancelled` when the signal aborted. */
export interface DockerClient {
  /** The answer's JSON, null for an empty one. */
  json(request: ApiRequest): Promise<unknown>;
  /** The answer as it comes; the caller reads or destroys it. An abort destroys it. */
  stream(request: ApiRequest): Promise<IncomingMessage>;
  /** Turns the connection of a POST into a two-way one, as `/session` asks for. */
  upgrade(request: ApiRequest & { headers: Record<string, string | string[]> }): Promise<Duplex>;
}

/** Answers with errors are small; anything larger is not an engine. */
const MAX_ERROR_BYTES = 1024 * 1024;
const MAX_JSON_BYTES = 256 * 1024 * 1024;
/** The modem turns codes that are not `true` into errors of its own words: here all pass and are judged once. */
const ANY_STATUS = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 100, true]));

/** A client over a dockerode modem that is already set to an endpoint and a version. */
export function createDockerClient(
  modem: Pick<DockerModem, 'dial'>,
  context: { readonly engine: string; readonly address: string },
): DockerClient {
  const dial = (request: ApiRequest, extra: Partial<DockerModem.DialOptions>): Promise<unknown> => {
    if (request.signal?.aborted) return Promise.reject(cancelled(request.signal));
    return new Promise((resolve, reject) => {
      modem.dial({ ...dialOptions(request), ...extra }, (error, result) => {
        if (error === null || error === undefined) resolve(result);
        else if (request.signal?.aborted) reject(cancelled(request.signal));
        else reject(refusalOf(error, { ...context, path: request.path }) ?? connectionError(error, context));
      });
    });
  };

  const stream = async (request: ApiRequest): Promise<IncomingMessage> => {
    const response = (await dial(request, { isStream: true })) as IncomingMessage;
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 400) return destroyOnAbort(response, request.signal);
    const body = await readAll(response, MAX_ERROR_BYTES).catch(() => '');
    throw requestError(status, body, { ...context, path: request.path });
  };

  return {
    stream,
    async json(request) {
      const response = await stream(request);
      try {
        const text = await readAll(response, MAX_JSON_BYTES);
        return text.trim() === '' ? null : JSON.parse(text);
      } catch (error) {
        if (request.signal?.aborted) throw cancelled(request.signal);
        throw connectionError(error, context);
      }
    },
    async upgrade(request) {
      // An answer of any status is a refusal here: the engine upgrades without one.
      const result = await dial(request, { hijack: true, headers: request.headers, statusCodes: {} });
      return result as Duplex;
    },
  };
}

/** The error of work that was aborted; its cause is the signal's reason. */
export function cancelled(signal?: AbortSignal): AppError {
  return new AppError('cancelled', 'The request was cancelled.', { cause: signal?.reason });
}

/** The modem's error for an answer that it did not want; null for one of the connection. */
function refusalOf(
  error: Error,
  context: { engine: string; address: string; path: string },
): AppError | null {
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? requestError(status, '', context) : null;
}

function dialOptions(request: ApiRequest): DockerModem.DialOptions {
  return {
    path: `${request.path}?`,
    method: request.method ?? 'GET',
    options: { _query: plainQuery(request.query ?? {}), _body: request.body ?? {} },
    statusCodes: ANY_STATUS,
    ...(request.upload === undefined ? {} : { file: request.upload }),
    ...(request.registryAuth === undefined ? {} : { authconfig: request.registryAuth }),
    ...(request.registryConfig === undefined ? {} : { registryconfig: request.registryConfig }),
    ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
  };
}

function plainQuery(query: Readonly<Record<string, QueryValue>>): Record<string, QueryValue> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function destroyOnAbort(response: IncomingMessage, signal: AbortSignal | undefined): IncomingMessage {
  if (signal === undefined) return response;
  const onAbort = () => response.destroy(cancelled(signal));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  response.once('close', () => signal.removeEventListener('abort', onAbort));
  return response;
}

async function readAll(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`The answer is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
