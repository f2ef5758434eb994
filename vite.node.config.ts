import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { sourcesConstant } from './vite.sources.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Programs of the main side, by the name of their file in `out/`. */
const ENTRIES: Readonly<Record<string, string>> = {
  main: 'electron/main.ts',
  start: 'electron/start.ts',
  'run-here': 'electron/cli/run-here.ts',
  'index-thread': 'electron/image/index-thread.ts',
};

/** Chunks carry a hash of their content: those that this build did not write belong to an older one. */
function removeOldChunks(): Plugin {
  return {
    name: 'strata-remove-old-chunks',
    async writeBundle(options, bundle) {
      if (options.dir === undefined) return;
      const folder = join(options.dir, 'chunks');
      for (const name of await readdir(folder).catch(() => [])) {
        if (bundle[`chunks/${name}`] === undefined) await rm(join(folder, name), { force: true });
      }
    },
  };
}

/**
 * Of dockerode only the modem over a socket is used: its own sessions (gRPC), ssh and context archives are not, and
 * would be more than half of all code. What asks for them gets an empty module.
 */
const UNUSED = new Set([
  '@balena/dockerignore',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'protobufjs',
  'ssh2',
  'tar-fs',
]);

function leaveOutUnused(): Plugin {
  const id = '\0strata-unused';
  return {
    name: 'strata-leave-out-unused',
    enforce: 'pre',
    resolveId: (source) => (UNUSED.has(source) ? id : undefined),
    load: (asked) => (asked === id ? 'module.exports = {};' : undefined),
  };
}

/**
 * Of undici only agents and their requests are used. Its index also loads fetch, web sockets, caches and mocks, which
 * takes longer than a small pull; the type of what is left is checked where it is imported, by undici's own.
 */
function takeAgentsOfUndici(): Plugin {
  const id = '\0strata-undici';
  return {
    name: 'strata-take-agents-of-undici',
    enforce: 'pre',
    resolveId: (source) => (source === 'undici' ? id : undefined),
    load: (asked) =>
      asked === id
        ? `import Agent from 'undici/lib/dispatcher/agent.js';
           import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
           import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
           import api from 'undici/lib/api/index.js';
           Object.assign(Dispatcher.prototype, api);
           export { Agent, ProxyAgent };`
        : undefined,
  };
}

/** The window's icon lies beside the program, because a package holds `out/` alone. */
function copyIcon(): Plugin {
  return {
    name: 'strata-copy-icon',
    async buildStart() {
      const source = await readFile(join(root, 'assets/icon.png'));
      this.emitFile({ type: 'asset', fileName: 'icon.png', source });
    },
  };
}

/** By module id: what the command line itself loads at once, and what its build command loads beside that. */
const commandLineModules = new Set<string>();
const buildModules = new Set<string>();

/**
 * Finds these modules, so that they become one chunk: some fifty small ones would take longer to load than an
 * unchanged build takes to find that nothing changed.
 */
function findBuildModules(): Plugin {
  return {
    name: 'strata-find-build-modules',
    buildEnd() {
      const below = (path: string, found = new Set<string>()): Set<string> => {
        if (found.has(path)) return found;
        found.add(path);
        for (const next of this.getModuleInfo(path)?.importedIds ?? []) below(next, found);
        return found;
      };
      const entry = join(root, 'electron/cli/run-here.ts');
      for (const id of below(entry)) if (id !== entry) commandLineModules.add(id);
      for (const id of below(join(root, 'electron/cli/commands/build.ts')))
        if (!commandLineModules.has(id)) buildModules.add(id);
    },
  };
}

/** Main, start, CLI and sandbox helper as ES modules for Node 20.19: dependencies bundled, split by dynamic import. */
export default defineConfig(({ mode }) => ({
  root,
  publicDir: false,
  define: sourcesConstant(root),
  plugins: [leaveOutUnused(), takeAgentsOfUndici(), findBuildModules(), removeOldChunks(), copyIcon()],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    ssrEmitAssets: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    sourcemap: mode === 'development' ? 'inline' : false,
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(ENTRIES)
          .map(([name, path]) => [name, join(root, path)] as const)
          .filter(([, path]) => existsSync(path)),
      ),
      external: ['electron'],
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        codeSplitting: {
          groups: [
            { name: 'command-line', test: (id) => commandLineModules.has(id), priority: 2 },
            { name: 'build', test: (id) => buildModules.has(id), priority: 1 },
          ],
        },
      },
    },
  },
}));
