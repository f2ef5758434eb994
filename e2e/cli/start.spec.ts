import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../fixtures/paths.ts';
import { expect, test } from '../fixtures/test.ts';

test('without a display the start program serves the page and says in one line why', async ({ box }) => {
  const child = spawn(process.execPath, [join(ROOT, 'out/start.js'), '--port', '0'], {
    env: { ...box.env, BROWSER: 'none' },
    cwd: box.folder,
  });
  const said = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(text);
    });
    child.once('close', (code) => reject(new Error(`It ended with ${code}: ${text}`)));
  });
  expect(said).toMatch(/^Strata runs in the browser, because .+: http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/);
  const address = /http:\S+/.exec(said)?.[0] ?? '';
  const opened = await fetch(address);
  expect(opened.status).toBe(200);
  expect(opened.headers.get('set-cookie')).toContain('HttpOnly');
  expect((await fetch(address)).status, 'the token works once').toBe(403);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
