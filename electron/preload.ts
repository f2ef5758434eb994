import { ipcRenderer, webUtils } from 'electron';
import { DROP_CHANNEL, PORT_CHANNEL } from './desktop/channels.ts';

// The page gets one MessagePort and nothing else. The target is this window itself, whose address main keeps.
ipcRenderer.on(PORT_CHANNEL, (event) => {
  window.postMessage(PORT_CHANNEL, '*', [...event.ports]);
});

window.addEventListener('dragover', (event) => event.preventDefault());

// Only a real drop has files with a path; an event made by the page is not trusted and has none.
window.addEventListener('drop', (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  const files = [...(event.dataTransfer?.files ?? [])];
  const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
  if (paths.length > 0) ipcRenderer.send(DROP_CHANNEL, paths);
});
