import type { AppStore } from '#renderer/store/app-store.ts';
import type { Command } from './command.ts';
import { COMMANDS, commandById } from './registry.ts';
import { isMacPlatform, type KeyPress, matchesShortcut } from './shortcuts.ts';

/** Runs a command by its id, unless it makes no sense now. Unknown ids are ignored. */
export function runCommand(store: AppStore, id: string): void {
  const command = commandById(id);
  if (command !== undefined && (command.when?.(store.getState()) ?? true)) void command.run(store);
}

/** The command that a key press asks for. While a dialog is open only the palette's own answers. */
export function commandForKey(store: AppStore, event: KeyPress, isTyping: boolean): Command | undefined {
  const state = store.getState();
  const isMac = isMacPlatform(navigator.platform);
  return COMMANDS.find((command) => {
    if (state.dialogs.open !== null && command.id !== 'open-palette') return false;
    const hit = command.shortcuts?.some(
      (shortcut) => (!isTyping || shortcut.includes('mod')) && matchesShortcut(event, shortcut, isMac),
    );
    return hit === true && (command.when?.(state) ?? true);
  });
}

/** Listens for shortcuts until the returned function is called. */
export function listenForShortcuts(store: AppStore, page: Window): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat) return;
    const command = commandForKey(store, event, isTextField(event.target));
    if (command === undefined) return;
    event.preventDefault();
    void command.run(store);
  };
  page.addEventListener('keydown', onKey);
  return () => page.removeEventListener('keydown', onKey);
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select');
}
