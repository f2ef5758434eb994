import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { pushBaseImages } from '../fixtures/base-images.ts';
import { Box } from '../fixtures/box.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { ROOT } from '../fixtures/paths.ts';
import { startWebHost } from '../fixtures/web-host.ts';

/*
 * Takes the pictures of the README: the app over a real registry and a project that is built for them. The base image
 * only bears the name of the well-known one, see base-images.ts.
 */

const TARGET = join(ROOT, 'assets', 'screenshots');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function prepare(box: Box, registry: string): Promise<string> {
  const folder = await box.files('home/web', NODE_PROJECT);
  const build = (tag: string) => box.strata(['build', folder, '-t', tag]);
  await build('acme/web:1.4.1');
  await box.strata(['push', 'acme/web:1.4.1', '--to', `${registry}/acme/web:1.4.2`]);
  await appendFile(join(folder, 'src/server.js'), 'console.log("ready");\n');
  await build('acme/web:1.4.2');
  await box.strata(['tag', 'acme/web:1.4.2', `${registry}/acme/web:1.4.2`]);
  await box.strata(['pull', 'nginx:1.27-alpine']);
  await box.strata(['pull', 'python:3.12-slim']);
  const site = await box.files('home/site', {
    Dockerfile: 'FROM nginx:1.27-alpine\nCOPY site/ /usr/share/nginx/html/\nEXPOSE 80\n',
    'site/index.html': '<h1>Hello</h1>\n',
  });
  await box.strata(['build', site, '-t', 'acme/site:1.0']);
  await appendFile(join(folder, 'src/prices.js'), 'exports.lamp = 49;\n');
  return folder;
}

async function openProject(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Open folder…' }).first().click();
  const path = page.getByRole('textbox', { name: 'Path' });
  await path.fill(folder);
  await path.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: /^Open/ }).click();
  await page.getByText('will rebuild').first().waitFor();
}

async function takeAll(browser: Browser, address: string, folder: string, registry: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(address);
  await openProject(page, folder);
  const shot = async (name: string) => {
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.mouse.move(640, 795);
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(TARGET, `${name}-${scheme}.png`) });
    }
  };
  await page.getByText('RUN').first().click();
  await shot('project');
  await page.keyboard.press('Alt+2');
  await page.getByText('acme/web').first().waitFor();
  await shot('images');
  await page.getByText(`${registry}/acme/web`).or(page.getByText('acme/web')).first().click();
  await page.getByRole('option').nth(2).click();
  await shot('image');
  await page.getByRole('button', { name: 'Push…' }).click();
  await page.getByRole('dialog').getByRole('textbox').first().fill(`${registry}/acme/web:1.4.2`);
  await page.getByText('already', { exact: false }).first().waitFor();
  await shot('push');
}

await mkdir(TARGET, { recursive: true });
const registry = await startRealRegistry();
await pushBaseImages(registry.host);
const box = await Box.make(registry.host);
try {
  const folder = await prepare(box, registry.host);
  const host = await startWebHost(box);
  const browser = await chromium.launch({
    executablePath: process.env.STRATA_CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
  });
  try {
    await takeAll(browser, host.address, folder, registry.host);
  } finally {
    await browser.close();
    await host.stop();
  }
} finally {
  await box.remove();
  await registry.close();
}
