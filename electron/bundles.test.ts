import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRoot } from './platform/app-root.ts';

const ROOT = appRoot();
/** Imports that run when the file is loaded: all but `import(…)`. */
const STATIC_IMPORT = /^(?:import\b[^'"\n]*|\} from )["']([^"']+)["']/gm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-bundles-'));
  for (const configFile of ['vite.node.config.ts', 'vite.terminal.config.ts', 'vite.preload.config.ts']) {
    await build({
      configFile: join(ROOT, configFile),
      mode: 'production',
      logLevel: 'silent',
      build: { outDir: folder },
    });
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function staticImports(name: string): Promise<string[]> {
  const text = await readFile(join(folder, name), 'utf8');
  return [...text.matchAll(STATIC_IMPORT)].map(([, target = '']) => target);
}

/** Names of the files of the bundle that load together with this one, itself included. */
async function loadedWith(entry: string): Promise<Set<string>> {
  const loaded = new Set([entry]);
  for (const name of loaded) {
    for (const target of await staticImports(name)) {
      if (target.startsWith('.')) loaded.add(posix.join(posix.dirname(name), target));
    }
  }
  return loaded;
}

async function textOf(names: Iterable<string>): Promise<string> {
  return (await Promise.all([...names].map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

describe('the bundles', () => {
  it('are the programs, and chunks that hold nothing for debugging', async () => {
    const names = await readdir(folder);
    expect(names).toEqual(
      expect.arrayContaining([
        'cli.js',
        'icon.png',
        'main.js',
        'preload.cjs',
        'run-here.js',
        'start.js',
        'strata.cjs',
      ]),
    );
    const all = await readdir(folder, { recursive: true });
    expect(all.filter((name) => name.endsWith('.map'))).toEqual([]);
  });

  it('need nothing from node_modules but electron, in main alone', async () => {
    const all = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
    for (const name of all) {
      const outer = (await staticImports(name)).filter((target) => !/^(\.|node:)/.test(target));
      expect([name, outer]).toEqual([name, name === 'main.js' ? ['electron'] : []]);
    }
  });
});

describe('the preload', () => {
  it('is one CommonJS file that requires electron alone', async () => {
    const text = await readFile(join(folder, 'preload.cjs'), 'utf8');
    expect([...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(text).not.toMatch(/^import |import\(|contextBridge/m);
  });
});

describe('the command line', () => {
  /** Packages whose code loads together with this file; the bundler marks where each begins. */
  async function packagesOf(name: string): Promise<string[]> {
    const text = await textOf(await loadedWith(name));
    const marks = text.matchAll(/^\/\/.*?node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//gm);
    return [...new Set([...marks].map(([, found = '']) => found))].sort();
  }

  it('loads next to nothing before it knows the command', async () => {
    expect(await packagesOf('run-here.js')).toEqual([]);
    expect(Buffer.byteLength(await textOf(await loadedWith('run-here.js')))).toBeLessThan(100_000);
  });

  it.each(['cli.js', 'strata.cjs'])('hands a build over with %s alone, which is small', async (name) => {
    expect([...(await loadedWith(name))]).toEqual([name]);
    const text = await textOf([name]);
    expect(Buffer.byteLength(text)).toBeLessThan(15_000);
    const needed = [...text.matchAll(/(?:from|require\()\s*"([^"]+)"/g)].map(([, target]) => target);
    expect(needed.sort()).toEqual(['node:fs', 'node:net', 'node:os', 'node:path']);
  });

  it.each(['images', 'build'])('%s runs without the contract, registries and Docker', async (command) => {
    const chunks = await readdir(join(folder, 'chunks'));
    const own = chunks.filter((name) => new RegExp(`^${command}-[\\w-]{8}\\.js$`).test(name));
    expect(own.length).toBeGreaterThan(0);
    // fzstd reads layers on a Node without zstd; it is small.
    for (const name of own) expect([[], ['fzstd']]).toContainEqual(await packagesOf(`chunks/${name}`));
  });

  it('takes of undici what talks to registries, not its fetch, web sockets and mocks', async () => {
    const text = await textOf(await loadedWith('start.js'));
    const parts = [...text.matchAll(/^\/\/.*?node_modules\/undici\/lib\/([\w-]+)\//gm)].map(
      ([, part]) => part,
    );
    expect(parts).toContain('dispatcher');
    expect(parts.filter((part) => ['cache', 'interceptor', 'mock'].includes(part ?? ''))).toEqual([]);
  });

  it('would be told apart from one that loads them', async () => {
    expect(await packagesOf('start.js')).toEqual(
      expect.arrayContaining(['@orpc/server', 'undici', 'ws', 'zod']),
    );
  });
});
