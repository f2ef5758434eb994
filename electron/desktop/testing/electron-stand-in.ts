import { EventEmitter } from 'node:events';
import { type MessagePort, MessageChannel as NodeMessageChannel } from 'node:worker_threads';

/**
 * Stands in for the module `electron` in tests: has the parts that Strata uses, records what is asked of it and
 * answers what a test prepared. It decides nothing; `reset` makes it new.
 */
export const recorded = {
  schemes: [] as unknown[],
  protocolHandlers: new Map<string, (request: Request) => Promise<Response>>(),
  windows: [] as BrowserWindow[],
  menus: [] as { template: MenuItem[] }[],
  dialogs: [] as { name: string; options: Record<string, unknown> }[],
  opened: [] as string[],
  sent: [] as { channel: string; value: unknown }[],
  appCalls: [] as string[],
};

/** What the stand-in answers next. */
export const prepared = {
  isFirstInstance: true,
  displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
  openDialog: { canceled: true, filePaths: [] as string[] },
  saveDialog: { canceled: true, filePath: '' },
  messageBox: { response: 0 },
  encryption: true,
  backend: 'gnome_libsecret',
  paths: { documents: '/documents', downloads: '/downloads' } as Record<string, string>,
  filePaths: new Map<unknown, string>(),
};

/** An item of the menu as it was given. */
export interface MenuItem {
  readonly label?: string;
  readonly id?: string;
  readonly role?: string;
  readonly submenu?: MenuItem[];
  readonly click?: () => void;
}

class App extends EventEmitter {
  ready = Promise.resolve();
  enableSandbox = (): void => void recorded.appCalls.push('enableSandbox');
  requestSingleInstanceLock = (): boolean => prepared.isFirstInstance;
  whenReady = (): Promise<void> => this.ready;
  getPath = (name: string): string => prepared.paths[name] ?? `/${name}`;
  setPath = (name: string, path: string): void => void recorded.appCalls.push(`setPath ${name} ${path}`);
  quit = (): void => {
    recorded.appCalls.push('quit');
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) recorded.appCalls.push('ended');
  };
  exit = (code: number): void => void recorded.appCalls.push(`exit ${code}`);
}
export const app = new App();

/** A frame as events carry it. */
export interface Frame {
  url: string;
  parent: Frame | null;
}

class WebContents extends EventEmitter {
  mainFrame: Frame = { url: '', parent: null };
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  reloads = 0;
  posted: { channel: string; message: unknown; ports: MessagePortMain[] }[] = [];
  reload(): void {
    this.reloads += 1;
  }
  getURL = (): string => this.mainFrame.url;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  postMessage(channel: string, message: unknown, ports: MessagePortMain[]): void {
    this.posted.push({ channel, message, ports });
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  readonly webContents = new WebContents();
  readonly calls: string[] = [];
  normalBounds = { x: 10, y: 20, width: 1000, height: 700 };
  isMax = false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    recorded.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.calls.push(`loadURL ${url}`);
    this.webContents.mainFrame.url = url;
  }
  show = (): void => void this.calls.push('show');
  focus = (): void => void this.calls.push('focus');
  restore = (): void => void this.calls.push('restore');
  isMinimized = (): boolean => true;
  maximize(): void {
    this.isMax = true;
    this.calls.push('maximize');
  }
  isMaximized = (): boolean => this.isMax;
  getNormalBounds = (): BrowserWindow['normalBounds'] => this.normalBounds;
}

/** One end of a channel as main has it; what is sent reaches the other end. */
export class MessagePortMain extends EventEmitter {
  readonly port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.on('close', () => this.emit('close'));
  }
  start(): void {
    this.port.on('message', (data) => this.emit('message', { data }));
  }
  postMessage(value: unknown): void {
    this.port.postMessage(value);
  }
  close(): void {
    this.port.close();
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
  constructor() {
    const { port1, port2 } = new NodeMessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]): void => void recorded.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>): void =>
    void recorded.protocolHandlers.set(scheme, handler),
};

class Session extends EventEmitter {
  handlers: Record<string, unknown> = {};
  setPermissionRequestHandler = this.#keep('permissionRequest');
  setPermissionCheckHandler = this.#keep('permissionCheck');
  setDevicePermissionHandler = this.#keep('device');
  setDisplayMediaRequestHandler = this.#keep('displayMedia');
  webRequest = { onBeforeRequest: this.#keep('beforeRequest') };

  #keep(name: string): (handler: unknown) => void {
    return (handler) => {
      this.handlers[name] = handler;
    };
  }
}
export const session = { defaultSession: new Session() };

export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => ({ template }),
  setApplicationMenu: (menu: { template: MenuItem[] }): void => void recorded.menus.push(menu),
};

function record<Answer>(name: string, answer: () => Answer) {
  return async (...given: unknown[]): Promise<Answer> => {
    recorded.dialogs.push({ name, options: given.at(-1) as Record<string, unknown> });
    return answer();
  };
}
export const dialog = {
  showOpenDialog: record('open', () => prepared.openDialog),
  showSaveDialog: record('save', () => prepared.saveDialog),
  showMessageBox: record('message', () => prepared.messageBox),
  showErrorBox: (title: string, content: string): void =>
    void recorded.dialogs.push({ name: 'error', options: { title, content } }),
};

export const shell = {
  openExternal: async (url: string): Promise<void> => void recorded.opened.push(url),
};
export const screen = { getAllDisplays: () => prepared.displays };
export const nativeTheme = { shouldUseDarkColors: true };
export const ipcMain = new EventEmitter();

/** Reverses the bytes: enough to see that what is kept is not the plain text. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async (): Promise<boolean> => prepared.encryption,
  getSelectedStorageBackend: (): string => prepared.backend,
  encryptStringAsync: async (text: string): Promise<Buffer> => Buffer.from(text).reverse(),
  decryptStringAsync: async (bytes: Buffer) => ({
    result: Buffer.from(bytes).reverse().toString(),
    shouldReEncrypt: false,
  }),
};

class IpcRenderer extends EventEmitter {
  send = (channel: string, value: unknown): void => void recorded.sent.push({ channel, value });
}
export const ipcRenderer = new IpcRenderer();
export const webUtils = { getPathForFile: (file: unknown): string => prepared.filePaths.get(file) ?? '' };

const INITIAL = structuredClone({ ...prepared, filePaths: undefined });

/** Forgets what was recorded and prepared, and every listener. */
export function reset(): void {
  for (const list of [recorded.schemes, recorded.windows, recorded.menus, recorded.dialogs]) list.length = 0;
  for (const list of [recorded.opened, recorded.sent, recorded.appCalls]) list.length = 0;
  recorded.protocolHandlers.clear();
  Object.assign(prepared, structuredClone(INITIAL), { filePaths: new Map() });
  for (const emitter of [app, ipcMain, ipcRenderer, session.defaultSession]) emitter.removeAllListeners();
  session.defaultSession.handlers = {};
}
