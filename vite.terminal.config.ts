import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sourcesConstant } from './vite.sources.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * What a terminal starts, in one file: as an ES module for `node out/cli.js`, and as CommonJS, which Node starts
 * a tenth faster, for the command `strata`. What does the work otherwise is the other bundle's `run-here.js`.
 */
export default defineConfig(({ mode }) => ({
  root,
  publicDir: false,
  define: sourcesConstant(root),
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    sourcemap: mode === 'development' ? 'inline' : false,
    rolldownOptions: {
      input: { cli: `${root}electron/cli/main.ts` },
      external: /\/run-here\.ts$/,
      output: [
        {
          format: 'es',
          entryFileNames: 'cli.js',
          codeSplitting: false,
          paths: toBundle,
          banner: '#!/usr/bin/env node',
        },
        {
          format: 'cjs',
          entryFileNames: 'strata.cjs',
          codeSplitting: false,
          paths: toBundle,
          banner: '#!/usr/bin/env node',
        },
      ],
    },
  },
}));

function toBundle(id: string): string {
  return id.endsWith('/run-here.ts') ? './run-here.js' : id;
}
