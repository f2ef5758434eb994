import { toErrorView } from '#renderer/client/failure.ts';
import { download } from '#renderer/components/download.ts';
import type { AppStore } from '#renderer/store/app-store.ts';
import type { SavedFile } from '#renderer/store/records-slice.ts';

/** Asks the host for a file to save and tells how it ended: fetched by the browser, written, or refused. */
export async function saveDownload(
  store: AppStore,
  title: string,
  ask: () => Promise<SavedFile>,
): Promise<void> {
  const { toasts } = store.getState();
  try {
    const { path, url } = await ask();
    if (url !== null) download(url);
    else if (path !== null) toasts.add({ tone: 'done', title, detail: path });
  } catch (error) {
    const { message, hint } = toErrorView(error);
    toasts.add({ tone: 'failed', title: message, detail: hint });
  }
}
