import { expect, it } from 'vitest';
import { browserCommand } from './open-browser.ts';

const ADDRESS = 'http://127.0.0.1:7420/?token=a&b';

it.each([
  ['linux', { DISPLAY: ':0' }, ['xdg-open', ADDRESS]],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', ADDRESS]],
  ['linux', {}, null],
  ['darwin', {}, ['open', ADDRESS]],
  ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', ADDRESS]],
] as const)('on %s with %o the browser is opened by %o', (platform, env, command) => {
  expect(browserCommand(ADDRESS, platform, env)).toEqual(command);
});
