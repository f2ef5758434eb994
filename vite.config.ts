import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page: what both the window and the web host show. Nothing is inlined, so that the CSP can stay strict. */
export default defineConfig(({ mode }) => ({
  root: 'renderer',
  base: './',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome128',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: mode === 'development' ? 'inline' : false,
    chunkSizeWarningLimit: 2000,
  },
}));
