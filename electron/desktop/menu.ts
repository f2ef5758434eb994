import { Menu, type MenuItemConstructorOptions } from 'electron';

/** Runs a command of the page, by its id. */
export type RunCommand = (id: string) => void;

/** The keys are shown here and handled by the page, which knows what has the focus. */
function command(
  run: RunCommand,
  label: string,
  id: string,
  accelerator?: string,
): MenuItemConstructorOptions {
  const keys = accelerator === undefined ? {} : { accelerator, registerAccelerator: false };
  return { label, id, click: () => run(id), ...keys };
}

/** The menu as data. `isMac` adds the application menu and leaves out what is in it. */
export function menuTemplate(run: RunCommand, isMac: boolean): MenuItemConstructorOptions[] {
  const settings = command(run, 'Settings…', 'go-settings', 'CmdOrCtrl+,');
  return [
    ...(isMac ? [appMenu(settings)] : []),
    {
      label: '&File',
      submenu: [
        command(run, 'Open Folder…', 'open-folder', 'CmdOrCtrl+O'),
        command(run, 'New Sample Project…', 'create-sample'),
        { type: 'separator' },
        command(run, 'Pull Image…', 'pull-image'),
        command(run, 'Open Archive…', 'load-archive'),
        command(run, 'Open Layout Folder…', 'open-layout'),
        command(run, 'Sign In to a Registry…', 'sign-in'),
        { type: 'separator' },
        ...(isMac ? [] : [settings, { type: 'separator' as const }]),
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Build',
      submenu: [
        command(run, 'Build', 'build-project', 'CmdOrCtrl+Enter'),
        command(run, 'Build without Cache', 'build-without-cache'),
        command(run, 'Build Options…', 'build-options'),
        command(run, 'Cancel Build', 'cancel-build', 'CmdOrCtrl+.'),
      ],
    },
    {
      label: '&Go',
      submenu: [
        command(run, 'Projects', 'go-projects', 'CmdOrCtrl+1'),
        command(run, 'Images', 'go-images', 'CmdOrCtrl+2'),
        command(run, 'Builds', 'go-builds', 'CmdOrCtrl+3'),
        command(run, 'Containers', 'go-containers', 'CmdOrCtrl+4'),
        command(run, 'Registries', 'go-registries', 'CmdOrCtrl+5'),
        command(run, 'Storage', 'go-storage', 'CmdOrCtrl+6'),
        { type: 'separator' },
        command(run, 'Back', 'go-back', 'Alt+Left'),
        command(run, 'Forward', 'go-forward', 'Alt+Right'),
        { type: 'separator' },
        command(run, 'All Commands…', 'open-palette', 'CmdOrCtrl+K'),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
}

/** Puts the menu in place. */
export function installMenu(run: RunCommand): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(run, process.platform === 'darwin')));
}

function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}
