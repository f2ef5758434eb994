import { defineConfig } from '@playwright/test';
import type { TestFixtures } from './fixtures/test.ts';
import { CHROMIUM, NO_BROWSER } from './fixtures/tools.ts';

/** Flags that keep a sandboxed machine's Chromium quiet: it must not look for anything but the page. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine loses a click now and then; what passes at the second try is told by name. */
const RETRIES = process.env.CI === undefined ? 0 : 1;

export default defineConfig<TestFixtures>({
  outputDir: '../test-results/e2e',
  workers: 3,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: RETRIES,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  projects: [
    { name: 'cli', testDir: './cli' },
    {
      name: 'browser',
      testDir: './browser',
      use: {
        missing: NO_BROWSER,
        browserName: 'chromium',
        viewport: { width: 1280, height: 800 },
        launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_FLAGS },
        // Recording costs a quarter of a test's processor time, so where a test is tried again only that is recorded.
        trace: RETRIES === 0 ? 'retain-on-failure' : 'on-first-retry',
        screenshot: 'only-on-failure',
      },
    },
    { name: 'electron', testDir: './electron' },
  ],
});
