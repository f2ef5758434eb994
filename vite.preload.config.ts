import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The preload as one CommonJS file: a sandboxed preload may require `electron` and nothing beside it. */
export default defineConfig(({ mode }) => ({
  root,
  publicDir: false,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    sourcemap: mode === 'development' ? 'inline' : false,
    rolldownOptions: {
      input: { preload: `${root}electron/preload.ts` },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
}));
