import { FlaskConical, FolderOpen } from 'lucide-react';
import { toErrorView } from '#renderer/client/failure.ts';
import { joinPath, SAMPLE_NAME } from '#renderer/features/projects/folder-path.ts';
import type { AppStore } from '#renderer/store/app-store.ts';
import { valueOr } from '#renderer/store/remote.ts';
import type { Command } from './command.ts';

/** Asks for a folder and adds it as a project: by the native dialog on the desktop, in the page else. */
export const openFolder: Command = {
  id: 'open-folder',
  title: 'Open folder…',
  group: 'Projects',
  icon: FolderOpen,
  shortcuts: ['mod+o'],
  keywords: 'add project new',
  run: (store) =>
    chooseFolder(store, {
      title: 'Open a folder to build',
      inPage: () => store.getState().dialogs.show({ kind: 'add-project' }),
      take: (path) => store.getState().projects.add(path),
    }),
};

/** Asks for a folder and writes the sample project into a new folder there. */
export const createSample: Command = {
  id: 'create-sample',
  title: 'Create the sample project…',
  group: 'Projects',
  icon: FlaskConical,
  keywords: 'example demo first minute offline',
  run: (store) =>
    chooseFolder(store, {
      title: 'Choose where the sample project goes',
      inPage: () => store.getState().dialogs.show({ kind: 'create-sample' }),
      take: (path) => store.getState().projects.createSample(joinPath(path, SAMPLE_NAME)),
    }),
};

interface Choice {
  readonly title: string;
  /** How it is asked where there is no native dialog. */
  inPage(): void;
  take(path: string): Promise<void>;
}

async function chooseFolder(store: AppStore, choice: Choice): Promise<void> {
  const { host, folders, dialogs } = store.getState();
  if (valueOr(host.info, null)?.host !== 'desktop') {
    choice.inPage();
    return;
  }
  try {
    const path = await folders.choose(choice.title);
    if (path !== null) await choice.take(path);
  } catch (error) {
    dialogs.show({ kind: 'error', title: 'The folder could not be opened', error: toErrorView(error) });
  }
}
