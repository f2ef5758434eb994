import { randomBytes } from 'node:crypto';
import type { Download } from '../api/host-context.ts';

const KEPT_MS = 10 * 60 * 1000;

/** Downloads that wait to be fetched: each address works once and is forgotten after ten minutes. */
export class Downloads {
  readonly #waiting = new Map<string, { download: Download; timer: NodeJS.Timeout }>();

  /** The address of the download, relative to the page. */
  offer(download: Download): string {
    const id = randomBytes(24).toString('base64url');
    const timer = setTimeout(() => this.#waiting.delete(id), KEPT_MS);
    timer.unref();
    this.#waiting.set(id, { download, timer });
    return `/download/${id}/${encodeURIComponent(download.name)}`;
  }

  /** Takes the download of an address; null when there is none or it was taken. */
  take(urlPath: string): Download | null {
    const id = /^\/download\/([\w-]+)\//.exec(urlPath)?.[1] ?? '';
    const found = this.#waiting.get(id);
    if (found === undefined) return null;
    this.#waiting.delete(id);
    clearTimeout(found.timer);
    return found.download;
  }

  clear(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
