import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contract } from '#shared/contract/contract.ts';
import { runDesktop } from './run-desktop.ts';
import {
  app,
  type BrowserWindow,
  ipcMain,
  type MenuItem,
  prepared,
  recorded,
  reset,
  session,
} from './testing/electron-stand-in.ts';

const PAGE = 'app://strata/index.html';
let home: string;
const reported: unknown[] = [];

beforeEach(async () => {
  reset();
  reported.length = 0;
  home = await mkdtemp(join(tmpdir(), 'strata-desktop-'));
  process.env.STRATA_HOME = home;
});

afterEach(async () => {
  await quit();
  delete process.env.STRATA_HOME;
  await rm(home, { recursive: true, force: true });
});

async function run(): Promise<BrowserWindow> {
  runDesktop(process.env.STRATA_HOME ?? home, (error) => void reported.push(error));
  await expect.poll(() => recorded.windows.length).toBe(1);
  const [window] = recorded.windows;
  if (window === undefined) throw new Error('no window was opened');
  return window;
}

async function quit(): Promise<void> {
  if (!app.listenerCount('before-quit') || recorded.appCalls.includes('ended')) return;
  prepared.messageBox = { response: 1 };
  app.quit();
  await expect.poll(() => recorded.appCalls).toContain('ended');
}

/** What the page gets when it has loaded: the contract over the port that was posted last. */
function clientOf(window: BrowserWindow): ContractRouterClient<Contract> {
  window.webContents.emit('did-finish-load');
  const port = window.webContents.posted.at(-1)?.ports[0]?.port;
  if (port === undefined) throw new Error('no port was posted');
  const link = new RPCLink({ port });
  port.start();
  return createORPCClient(link);
}

describe('the window', () => {
  it('is sandboxed, isolated and without Node', async () => {
    const { options } = await run();
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    expect(options.webPreferences.preload).toMatch(/out[\\/]preload\.cjs$/);
    expect(recorded.appCalls).toContain('enableSandbox');
  });

  it('loads our page and shows itself when there is something to see', async () => {
    const window = await run();
    expect(window.calls).toEqual([`loadURL ${PAGE}`]);
    window.emit('ready-to-show');
    expect(window.calls).toContain('show');
  });

  it('refuses new windows, navigation and webviews', async () => {
    const { webContents } = await run();
    expect(webContents.windowOpenHandler?.({ url: 'https://example.com' })).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let prevented = false;
      webContents.emit(name, { url: 'https://example.com', preventDefault: () => (prevented = true) });
      expect([name, prevented]).toEqual([name, true]);
    }
  });

  it('opens where it was', async () => {
    const window = await run();
    window.normalBounds = { x: 40, y: 50, width: 900, height: 600 };
    window.isMax = true;
    window.emit('close');
    await expect
      .poll(() => readFile(join(home, 'window.json'), 'utf8').catch(() => ''))
      .toContain('"maximized": true');
    await quit();
    reset();
    const second = await run();
    expect(second.options).toMatchObject({ x: 40, y: 50, width: 900, height: 600 });
    expect(second.calls).toContain('maximize');
  });

  it('loads the page again when its process died, unless it ended by itself or cannot start', async () => {
    const { webContents } = await run();
    for (const reason of ['crashed', 'oom', 'clean-exit', 'launch-failed']) {
      webContents.emit('render-process-gone', {}, { reason, exitCode: 5 });
    }
    expect(webContents.reloads).toBe(2);
    expect(reported).toHaveLength(3);
  });

  it('opens again after it was closed, where the system keeps the app', async () => {
    const window = await run();
    window.emit('closed');
    app.emit('activate');
    await expect.poll(() => recorded.windows.length).toBe(2);
    app.emit('activate');
    expect(recorded.windows).toHaveLength(2);
  });
});

describe('the session', () => {
  type Decide = (...given: unknown[]) => unknown;
  const handler = (name: string) => session.defaultSession.handlers[name] as Decide;

  it.each([
    ['clipboard-sanitized-write', PAGE, true],
    ['clipboard-sanitized-write', 'https://example.com/', false],
    ['clipboard-read', PAGE, false],
    ['media', PAGE, false],
    ['notifications', PAGE, false],
    ['geolocation', PAGE, false],
    ['openExternal', PAGE, false],
    ['fileSystem', PAGE, false],
  ])('answers the permission %s for %s with %s', async (permission, url, expected) => {
    await run();
    let granted: unknown;
    handler('permissionRequest')({ getURL: () => url }, permission, (answer: boolean) => (granted = answer));
    expect(granted).toBe(expected);
    expect(handler('permissionCheck')(null, permission, url)).toBe(expected);
  });

  it('refuses devices and the capture of screens', async () => {
    await run();
    expect(handler('device')({ deviceType: 'usb' })).toBe(false);
    let streams: unknown;
    handler('displayMedia')({}, (answer: unknown) => (streams = answer));
    expect(streams).toEqual({});
  });

  it.each([
    [PAGE, false],
    ['app://strata/assets/a.js', false],
    ['app://other/index.html', true],
    ['https://example.com/', true],
    ['file:///etc/passwd', true],
    ['ws://127.0.0.1:80/', true],
    ['data:text/html,hello', true],
  ])('answers a request for %s with cancel %s', async (url, expected) => {
    await run();
    let answer: unknown;
    handler('beforeRequest')({ url }, (given: unknown) => (answer = given));
    expect(answer).toEqual({ cancel: expected });
  });

  it('saves nothing by itself', async () => {
    await run();
    let prevented = false;
    session.defaultSession.emit('will-download', { preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });
});

describe('the page', () => {
  it('gets one port that carries the contract, and a new one after each load', async () => {
    const window = await run();
    expect(await clientOf(window).app.info()).toMatchObject({ host: 'desktop', dataPath: home });
    expect(await clientOf(window).app.info()).toMatchObject({ host: 'desktop' });
    expect(window.webContents.posted.map(({ channel, ports }) => [channel, ports.length])).toEqual([
      ['strata:port', 1],
      ['strata:port', 1],
    ]);
  });

  it('gets none when what was loaded is not our page', async () => {
    const window = await run();
    window.webContents.mainFrame.url = 'https://example.com/';
    window.webContents.emit('did-finish-load');
    expect(window.webContents.posted).toEqual([]);
  });

  it('may add only folders that were chosen', async () => {
    const client = clientOf(await run());
    await expect(client.projects.add({ path: home })).rejects.toMatchObject({ data: { code: 'forbidden' } });
    prepared.openDialog = { canceled: false, filePaths: [home] };
    expect(await client.folders.choose({ title: 'Add a project' })).toEqual({ path: home });
    expect(recorded.dialogs).toMatchObject([
      { name: 'open', options: { title: 'Add a project', properties: ['openDirectory', 'createDirectory'] } },
    ]);
    expect(await client.projects.add({ path: home })).toMatchObject({ path: home });
  });

  it.each([
    ['archive', { properties: ['openFile'], filters: expect.arrayContaining([expect.anything()]) }],
    ['layout', { properties: ['openDirectory'] }],
  ] as const)('is asked for one kind alone, which every system can show: %s', async (what, options) => {
    const client = clientOf(await run());
    prepared.openDialog = { canceled: false, filePaths: [home] };
    expect(await client.folders.choose({ title: 'Open', what })).toEqual({ path: home });
    expect(recorded.dialogs).toEqual([{ name: 'open', options: { title: 'Open', ...options } }]);
    // Choosing it was the permission to look inside.
    await expect(client.images.archive({ path: home })).rejects.toThrow(/image/);
  });

  it('cannot list folders, because it has the dialogs of the system', async () => {
    const client = clientOf(await run());
    await expect(client.folders.browse({ path: '/' })).rejects.toMatchObject({
      data: { code: 'unsupported' },
    });
  });

  it.each([
    ['https://example.com/a', ['https://example.com/a']],
    ['http://example.com/', []],
    ['file:///etc/passwd', []],
    ['javascript:alert(1)', []],
    ['smb://host/share', []],
  ])('opens %s in the browser only when it is https', async (url, opened) => {
    const client = clientOf(await run());
    await client.app.openExternal({ url }).catch(() => {});
    expect(recorded.opened).toEqual(opened);
  });
});

describe('what is dropped on the window', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strata-dropped-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const drop = (frame: { url: string; parent: unknown } | null, paths: unknown) =>
    ipcMain.emit('strata:dropped', { senderFrame: frame }, paths);

  it('become projects', async () => {
    const client = clientOf(await run());
    drop({ url: PAGE, parent: null }, [folder, join(home, 'nothing')]);
    await expect.poll(async () => (await client.projects.list()).map(({ path }) => path)).toEqual([folder]);
  });

  it.each([
    ['a file', async () => join(folder, 'web.tar')],
    ['the folder of an image layout', async () => folder],
  ])('show what they hold where they are archives: %s', async (_, make) => {
    await writeFile(join(folder, 'web.tar'), '');
    await writeFile(join(folder, 'oci-layout'), '{}');
    const path = await make();
    const client = clientOf(await run());
    const changes = await client.app.changes();
    const next = changes.next();
    await expect
      .poll(async () => {
        drop({ url: PAGE, parent: null }, [path]);
        return Promise.race([next, new Promise((resolve) => setTimeout(resolve, 20))]);
      })
      .toMatchObject({ value: { topic: 'command', command: 'load-archive', path } });
    expect(await client.projects.list()).toEqual([]);
    // Dropping was choosing: it may be read now, and is no archive.
    await expect(client.images.archive({ path })).rejects.toThrow('This is no image archive');
  });

  it.each([
    ['another page', { url: 'https://example.com/', parent: null }, ['/tmp']],
    ['a frame within the page', { url: PAGE, parent: {} }, ['/tmp']],
    ['a frame that is gone', null, ['/tmp']],
    ['our page with what are no paths', { url: PAGE, parent: null }, [{ path: '/tmp' }]],
    ['our page with a relative path', { url: PAGE, parent: null }, ['tmp']],
  ])('are ignored from %s', async (_name, frame, paths) => {
    const client = clientOf(await run());
    drop(frame, paths);
    drop({ url: PAGE, parent: null }, [folder]);
    await expect.poll(async () => (await client.projects.list()).map(({ path }) => path)).toEqual([folder]);
  });
});

describe('the menu', () => {
  it('sends commands to the page', async () => {
    const client = clientOf(await run());
    const changes = await client.app.changes();
    const next = changes.next();
    const items = (recorded.menus[0]?.template ?? []).flatMap((item: MenuItem) => item.submenu ?? []);
    await expect
      .poll(async () => {
        items.find((item) => item.id === 'go-images')?.click?.();
        return Promise.race([next, new Promise((resolve) => setTimeout(resolve, 20))]);
      })
      .toMatchObject({ value: { topic: 'command', command: 'go-images' } });
  });
});

describe('a second instance', () => {
  it('ends without a window', async () => {
    prepared.isFirstInstance = false;
    runDesktop(process.env.STRATA_HOME ?? home, (error) => void reported.push(error));
    expect(recorded.appCalls).toContain('quit');
    await app.ready;
    expect(recorded.windows).toEqual([]);
    recorded.appCalls.push('ended');
  });

  it('brings the window of the first to the front', async () => {
    const window = await run();
    app.emit('second-instance');
    expect(window.calls.slice(-3)).toEqual(['restore', 'show', 'focus']);
  });
});

it('says why it cannot start', async () => {
  await writeFile(join(home, 'file'), '');
  process.env.STRATA_HOME = join(home, 'file', 'below');
  runDesktop(process.env.STRATA_HOME ?? home, (error) => void reported.push(error));
  await expect.poll(() => recorded.appCalls).toContain('exit 1');
  expect(recorded.dialogs).toMatchObject([{ name: 'error', options: { title: 'Strata cannot start' } }]);
  expect(reported).toMatchObject([{ code: 'invalid-input' }]);
  recorded.appCalls.push('ended');
});
