import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { JsonDocument } from '../settings/json-document.ts';
import { PAGE_ADDRESS } from './app-protocol.ts';
import { boundsOnDisplay, type WindowState } from './window-state.ts';

const DEFAULT_SIZE = { width: 1280, height: 800 };
const SAVE_DELAY_MS = 400;

export interface WindowOptions {
  /** Path of the bundled preload. */
  readonly preload: string;
  /** Path of the icon, for systems that take it from the window. */
  readonly icon: string;
  readonly state: JsonDocument<WindowState>;
  report(error: unknown): void;
}

/** Opens the window where it was last, and begins loading the page. It shows itself when there is something to see. */
export async function openWindow(options: WindowOptions): Promise<BrowserWindow> {
  const state = await options.state.read();
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...(boundsOnDisplay(state.bounds, displays) ?? DEFAULT_SIZE),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Strata',
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14161a' : '#fbfaf8',
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  keepState(window, options);
  reloadAfterCrash(window, options);
  window.loadURL(PAGE_ADDRESS).catch(options.report);
  return window;
}

/** Saves the place of the window a little after it stopped moving, and when it closes. */
function keepState(window: BrowserWindow, { state, report }: WindowOptions): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const now: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    state.update(() => now).catch(report);
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('close', save);
}

/** A page whose process died is loaded again: what it shows is in the core, and running work goes on. */
function reloadAfterCrash(window: BrowserWindow, { report }: WindowOptions): void {
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    report(new Error(`The page ended: ${reason}, code ${exitCode}.`));
    if (reason !== 'launch-failed') window.webContents.reload();
  });
}
