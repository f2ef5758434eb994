import { RPCHandler } from '@orpc/server/message-port';
import { type BrowserWindow, MessageChannelMain } from 'electron';
import type { ApiRouter } from '../api/router.ts';
import { typedErrors } from '../api/typed-errors.ts';
import { PORT_CHANNEL } from './channels.ts';
import { isOurPage } from './security.ts';

/** Gives the page of the window, after each load, a new port that carries the router; the old one ends with its page. */
export function connectPage(
  window: BrowserWindow,
  router: ApiRouter,
  report: (error: unknown) => void,
): void {
  const handler = new RPCHandler(router, { clientInterceptors: [typedErrors(report)] });
  const contents = window.webContents;
  contents.on('did-finish-load', () => {
    if (!isOurPage(contents.mainFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    handler.upgrade(port1);
    port1.start();
    contents.postMessage(PORT_CHANNEL, null, [port2]);
  });
}
