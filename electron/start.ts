import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toErrorView } from '#shared/errors/error-view.ts';
import { appRoot } from './platform/app-root.ts';
import { findElectron } from './platform/electron-binary.ts';
import { createErrorLog } from './platform/error-log.ts';
import { strataHome } from './platform/paths.ts';
import { runElectron, whyNoWindow } from './platform/run-electron.ts';
import { endSignal, serveUntil } from './web/serve.ts';

/** Opens the window; answers why there is none, null when there was one and it ended. */
async function openWindow(signal: AbortSignal): Promise<string | null> {
  const { env } = process;
  const why = whyNoWindow(env);
  if (why !== null) return why;
  const electron = await findElectron(
    {
      env,
      packageFolder: join(appRoot(), 'node_modules', 'electron'),
      onFetch: () => process.stderr.write('Fetching Electron, once (about 110 MB) …\n'),
    },
    signal,
  );
  return 'why' in electron ? electron.why : runElectron(electron.path, appRoot(), env, signal);
}

async function start(): Promise<void> {
  const { values } = parseArgs({ options: { web: { type: 'boolean' }, port: { type: 'string' } } });
  const signal = endSignal();
  const why = values.web === true ? 'you asked for it' : await openWindow(signal);
  if (why === null || signal.aborted) return;
  const log = join(strataHome(), 'errors.log');
  await serveUntil(signal, {
    port: values.port === undefined ? undefined : Number(values.port),
    open: true,
    onReady: ({ address }) =>
      process.stdout.write(`Strata runs in the browser, because ${why}: ${address}\n`),
    report: createErrorLog(log, (text) => process.stderr.write(text)),
  });
}

start().then(
  () => process.exit(0),
  (error: unknown) => {
    const { message, hint } = toErrorView(error);
    process.stderr.write(`strata: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
    process.exit(1);
  },
);
