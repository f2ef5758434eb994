import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const standIn = fileURLToPath(new URL('electron/desktop/testing/electron-stand-in.ts', import.meta.url));

/** Unit tests lie beside the code: plain Node, and a DOM for what the renderer draws. */
export default defineConfig({
  test: {
    // These only end what hangs: a machine that does other work as well may take its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for a process, a registry or an engine: one more file at a time than there are processors.
    maxWorkers: availableParallelism() + 1,
    // Node 25 and newer have a localStorage of their own, which stands in the way of the document's.
    execArgv: Number.parseInt(process.versions.node, 10) >= 25 ? ['--no-webstorage'] : [],
    projects: [
      {
        extends: true,
        // The real module starts a download where its binary is missing, and works in Electron alone.
        resolve: { alias: { electron: standIn } },
        test: {
          name: 'node',
          environment: 'node',
          include: ['{shared,electron,renderer}/**/*.test.ts'],
        },
      },
      // Against the real BuildKit: a minute, so `npm run check` leaves it to `npm test`.
      {
        extends: true,
        test: { name: 'differential', environment: 'node', include: ['e2e/differential/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'renderer',
          // Takes longer to make than most tests take to run: only files of what is drawn (`.tsx`) have a document.
          environment: 'happy-dom',
          include: ['renderer/**/*.test.tsx'],
          css: { modules: { classNameStrategy: 'non-scoped' } },
        },
      },
    ],
  },
});
