import { createContext } from '../api/create-context.ts';
import { rendererFolder } from '../platform/app-root.ts';
import { openBrowser } from './open-browser.ts';
import { startWebHost, type WebHost } from './web-host.ts';

export interface ServeOptions {
  readonly port?: number | undefined;
  /** Opens the browser where there is one. */
  readonly open: boolean;
  /** Told once it listens, with the one-time address. */
  onReady(host: WebHost): void;
  /** Told about errors nobody expected. */
  report(error: unknown): void;
}

/** Serves the page until `signal` aborts, then ends cleanly. Throws what {@link startWebHost} throws. */
export async function serveUntil(signal: AbortSignal, options: ServeOptions): Promise<void> {
  const { report } = options;
  const host = await startWebHost({
    port: options.port,
    root: rendererFolder(),
    createContext: (port) => createContext({ host: port, report }),
  });
  // One call that goes wrong must not end the work of all the others.
  process.on('unhandledRejection', report);
  try {
    options.onReady(host);
    if (options.open) await openBrowser(host.address);
    await aborted(signal);
  } finally {
    await host.close();
    process.off('unhandledRejection', report);
  }
}

/** Aborts at the first Ctrl-C or termination; a second one ends the process at once, as if nothing listened. */
export function endSignal(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => abort.abort());
  return abort.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
