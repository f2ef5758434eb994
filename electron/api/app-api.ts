import { homedir } from 'node:os';
import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { HostContext } from './host-context.ts';

const KNOWN_SYSTEMS = ['linux', 'darwin', 'win32'] as const;

/** Implements `app`. */
export function appApi(context: HostContext) {
  const os = implement(contract.app);
  return {
    info: os.info.handler(() => ({
      version: context.version,
      host: context.host.kind,
      os: KNOWN_SYSTEMS.find((name) => name === process.platform) ?? 'other',
      dataPath: context.home,
      homePath: homedir(),
    })),
    changes: os.changes.handler(({ signal }) => context.changes.stream(signal)),
    openExternal: os.openExternal.handler(async ({ input }) => ({
      opened: await context.host.openExternal(openableUrl(input.url)),
    })),
  };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An https address, or an http one of this machine: a container's port. */
function openableUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url !== null && (url.protocol === 'https:' || isLocal)) return url;
  throw new AppError('invalid-input', `"${text}" is not an https address.`, {
    hint: 'Only https addresses, and http ones of this machine, are opened in the browser.',
  });
}
