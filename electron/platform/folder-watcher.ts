import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Beyond so many folders the deeper ones are not watched: the system has few watches, for all programs. */
const MAX_FOLDERS = 4096;
const SKIPPED = new Set(['.git', '.hg', '.svn']);

/** Watches a tree; `close` ends it. */
export interface FolderWatcher {
  close(): void;
}

/** What a watcher tells. */
export interface FolderWatcherEvents {
  /** `path` relative to the folder, with forward slashes; `''` when the system named none. */
  onChange(path: string): void;
  onError(error: unknown): void;
}

/**
 * Watches the folder and all below it. Throws `ENOENT` when it is missing. On Linux each folder is watched by
 * itself, nearest first; Node's own recursive watch there watches every file, and blocks while it begins.
 */
export function openFolderWatcher(folder: string, events: FolderWatcherEvents): FolderWatcher {
  if (process.platform === 'linux') return new LinuxFolderWatcher(folder, events);
  const watcher = watch(folder, { recursive: true, persistent: false }, (_event, name) => {
    const path = (name ?? '').split(sep).join('/');
    if (!isSkipped(path)) events.onChange(path);
  });
  watcher.on('error', events.onError);
  return watcher;
}

class LinuxFolderWatcher implements FolderWatcher {
  readonly #root: string;
  readonly #events: FolderWatcherEvents;
  readonly #watchers = new Map<string, FSWatcher>();
  #isClosed = false;

  constructor(root: string, events: FolderWatcherEvents) {
    this.#root = root;
    this.#events = events;
    this.#watch(root);
    this.#addBelow(root).catch(events.onError);
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Breadth first, so that a limit leaves out what is deepest. */
  async #addBelow(start: string): Promise<void> {
    const waiting = [start];
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
        const path = join(folder, entry.name);
        if (this.#isClosed || this.#watchers.size >= MAX_FOLDERS) return;
        if (this.#tryWatch(path)) waiting.push(path);
      }
    }
  }

  /** False when the folder is gone or watched already. */
  #tryWatch(folder: string): boolean {
    if (this.#watchers.has(folder)) return false;
    try {
      this.#watch(folder);
      return true;
    } catch {
      return false;
    }
  }

  #watch(folder: string): void {
    const watcher = watch(folder, { persistent: false }, (event, name) => {
      if (name !== null && !SKIPPED.has(name)) this.#onEvent(folder, event, name);
    });
    watcher.on('error', () => this.#drop(folder));
    this.#watchers.set(folder, watcher);
  }

  #onEvent(folder: string, event: string, name: string): void {
    const path = join(folder, name);
    if (event === 'rename') this.#onAppearance(path);
    this.#events.onChange(relative(this.#root, path));
  }

  /** A name came or went: a new folder is watched with all below it, an old watch is dropped. */
  #onAppearance(path: string): void {
    this.#drop(path);
    if (this.#watchers.size >= MAX_FOLDERS) return;
    readdir(path)
      .then(() => {
        if (!this.#isClosed && this.#tryWatch(path)) return this.#addBelow(path);
      })
      .catch(() => {});
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

function isSkipped(path: string): boolean {
  return path.split('/').some((part) => SKIPPED.has(part));
}
