import { startPage } from '#renderer/start-page.tsx';
import { createFakeHost } from './fake-client.ts';

/**
 * The page over an invented host, for looking at screens without an engine; never part of the build.
 * `?images=2000` makes a long list, `?empty` none, `?desktop` the window's own ways, `?beat=200` slows long work.
 */
const wish = new URLSearchParams(location.search);
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
const host = createFakeHost({
  now: Date.now(),
  beat: Number(wish.get('beat') ?? 250),
  extraImages: Number(wish.get('images') ?? 0),
  empty: wish.has('empty'),
  docker: wish.has('docker'),
  host: wish.has('desktop') ? 'desktop' : 'web',
});
const store = startPage(host.client, root);
store.getState().host.setConnection('open');
