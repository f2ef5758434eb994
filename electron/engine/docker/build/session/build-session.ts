import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AppError } from '#shared/errors/app-error.ts';
import type { DockerClient } from '../../docker-client.ts';
import type { CredentialsFor } from '../../registry-auth.ts';
import { createAuthService } from './auth-service.ts';
import { createFileSyncService, type SyncedFiles } from './file-sync-service.ts';
import { type GrpcHandler, serveGrpc } from './grpc-server.ts';
import { createHealthService } from './health-service.ts';

/** The connection through which BuildKit asks for files and credentials while it builds. */
export interface BuildSession {
  /** Sent as the build's `session`. */
  readonly id: string;
  close(): void;
}

/**
 * Opens a session. Null where the engine has none (Podman, engines without BuildKit, those that removed it): the
 * context must then be sent as a tar.
 */
export async function openBuildSession(
  client: DockerClient,
  files: SyncedFiles,
  credentialsFor: CredentialsFor,
  signal: AbortSignal,
): Promise<BuildSession | null> {
  const handlers = new Map<string, GrpcHandler>([
    ...createHealthService(),
    ...createAuthService(credentialsFor),
    ...createFileSyncService(files, signal),
  ]);
  const id = randomUUID();
  try {
    const socket = await client.upgrade({
      method: 'POST',
      path: '/session',
      headers: {
        Upgrade: 'h2c',
        'X-Docker-Expose-Session-Uuid': id,
        'X-Docker-Expose-Session-Name': 'strata',
        'X-Docker-Expose-Session-Sharedkey': sharedKey(files.contextPath),
        'X-Docker-Expose-Session-Grpc-Method': [...handlers.keys()],
      },
      signal,
    });
    return { id, ...serveGrpc(socket, handlers) };
  } catch (error) {
    if (error instanceof AppError && ['not-found', 'unsupported', 'invalid-input'].includes(error.code)) {
      return null;
    }
    throw error;
  }
}

/** Builds of the same folder compare with what the engine kept of it: only what changed is sent again. */
function sharedKey(contextPath: string): string {
  return createHash('sha256').update(`strata\0${hostname()}\0${contextPath}`).digest('hex');
}
