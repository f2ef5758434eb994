import type { StrataClient } from '#renderer/client/client.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { BuildAdvice, BuiltFolder, ProjectSummary } from '#shared/contract/projects.ts';
import { createChannel } from './channel.ts';
import { failWith } from './fail-with.ts';
import { createFakeBases } from './fake-bases.ts';
import { WEB_ADVICE, WEB_CONTEXT, WEB_PLAN, WEB_SOURCE } from './fake-sources.ts';

/** The projects of a fake host and a way to touch their files. */
export interface FakeProjects {
  readonly projects: StrataClient['projects'];
  readonly folders: StrataClient['folders'];
  readonly items: ProjectSummary[];
  /** Tells the page that files of the project changed. */
  touch(paths: readonly string[]): void;
}

const MINUTE = 60_000;

/** A project as the fake host lists it. */
export function fakeProject(name: string, more: Partial<ProjectSummary> = {}): ProjectSummary {
  return {
    id: name,
    name,
    path: `/home/ada/code/${name}`,
    displayPath: `~/code/${name}`,
    options: { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' },
    lastBuild: null,
    problem: null,
    ...more,
  };
}

/** A few projects in different states. */
export function sampleProjects(now: number): ProjectSummary[] {
  return [
    fakeProject('web', {
      options: { tags: ['acme/web:1.4.3', 'acme/web:1.4'], buildArgs: {}, noCache: false, engine: 'builtin' },
      lastBuild: { id: 'b-web', state: 'done', startedAt: now - 2 * MINUTE, ms: 13_200, hits: 11, steps: 17 },
    }),
    fakeProject('worker', {
      options: { tags: ['acme/worker:0.9.0'], buildArgs: {}, noCache: false, engine: 'builtin' },
      lastBuild: {
        id: 'b-worker',
        state: 'failed',
        startedAt: now - 26 * 60 * MINUTE,
        ms: 4_100,
        hits: 4,
        steps: 9,
      },
    }),
    fakeProject('site', {
      path: '/home/ada/code/marketing/site',
      displayPath: '~/code/marketing/site',
    }),
    fakeProject('old-api', { problem: 'The folder is not there any more.' }),
  ];
}

/** A base without a smaller one in the store, and the same once its registry was asked. */
function baseAdvice(measured: boolean): BuildAdvice {
  const advice = { kind: 'base' as const, title: 'The base node:20 weighs 400 MB', line: 4 };
  const detail = measured ? 'node:20-slim 80.0 MB (at its registry)' : 'No smaller one is in the store.';
  return { ...advice, detail, rebuilds: null, ms: null, bytes: measured ? 320_000_000 : null };
}

function refuse(error: ErrorView): never {
  throw failWith(error);
}

/** Folders that a terminal built. */
export function sampleBuiltFolders(now: number, names: readonly string[]): BuiltFolder[] {
  return names.map((name, at) => ({
    build: `built-${name}`,
    name,
    displayPath: `~/code/${name}`,
    tags: [`acme/${name}:1`],
    state: 'done' as const,
    startedAt: now - (at + 1) * MINUTE,
  }));
}

/** Makes the projects of a fake host. `built`: folders that a terminal built. */
export function createFakeProjects(
  items: ProjectSummary[],
  onChange: () => void,
  built: readonly BuiltFolder[] = [],
): FakeProjects {
  const changes = createChannel<{ paths: string[] }>();
  const find = (id: string): ProjectSummary =>
    items.find((item) => item.id === id) ??
    refuse({ code: 'not-found', message: `There is no project ${id}.` });
  const add = (path: string): ProjectSummary => {
    const known = items.find((item) => item.path === path);
    if (known !== undefined) return known;
    const project = fakeProject(path.split('/').at(-1) ?? 'project', { path, displayPath: path });
    items.push(project);
    onChange();
    return project;
  };
  return {
    items,
    touch: (paths) => changes.send({ paths: [...paths] }),
    projects: {
      list: async () => [...items],
      add: async ({ path }) => add(path),
      built: async () => built.filter(({ name }) => items.every((item) => item.name !== name)),
      addBuilt: async ({ build }) =>
        add(`/home/ada/code/${built.find((one) => one.build === build)?.name ?? ''}`),
      remove: async ({ id }) => {
        items.splice(items.indexOf(find(id)), 1);
        onChange();
        return {};
      },
      setOptions: async ({ id, options }) => {
        const index = items.indexOf(find(id));
        const next = {
          ...find(id),
          options: { tags: [], buildArgs: {}, noCache: false, engine: 'builtin', ...options },
        };
        items[index] = next;
        onChange();
        return next;
      },
      advice: async ({ id, measured = false }) => (id === 'web' ? [...WEB_ADVICE, baseAdvice(measured)] : []),
      ...createFakeBases(() => changes.send({ paths: ['Dockerfile'] })),
      source: async ({ id, dockerfile }) =>
        dockerfile === undefined || dockerfile.startsWith('Dockerfile') || id === 'sample'
          ? WEB_SOURCE
          : refuse({
              code: 'not-found',
              message: `There is no ${dockerfile} in ${find(id).displayPath}.`,
              hint: 'Check the name, or choose another Dockerfile in the options.',
            }),
      predict: async () => [...WEB_PLAN],
      context: async () => WEB_CONTEXT,
      watch: async (_input, options) => changes.listen(options?.signal),
      createSample: async ({ path }) => add(`${path}/strata-sample`),
    },
    folders: {
      choose: async ({ what = 'folder' }) => ({ path: `/home/ada/code/chosen-${what}` }),
      browse: async ({ path = '/home/ada' }) => browse(path),
    },
  };
}

const TREE: Readonly<Record<string, readonly string[]>> = {
  '/': ['etc', 'home', 'usr'],
  '/home': ['ada'],
  '/home/ada': ['code', 'Documents', 'Downloads', 'Pictures'],
  '/home/ada/code': ['api', 'marketing', 'notes', 'web', 'worker'],
};
const WITH_DOCKERFILE = new Set(['/home/ada/code/web', '/home/ada/code/worker', '/home/ada/code/api']);

function browse(path: string) {
  if (path.includes('nowhere'))
    return refuse({ code: 'not-found', message: `There is no folder ${path}.`, hint: 'Check the spelling.' });
  const names = TREE[path] ?? [];
  const parent = path === '/' ? null : path.slice(0, path.lastIndexOf('/')) || '/';
  return {
    path,
    parent,
    hasDockerfile: WITH_DOCKERFILE.has(path),
    isLayout: false,
    entries: names.map((name) => {
      const child = path === '/' ? `/${name}` : `${path}/${name}`;
      return { name, path: child, hasDockerfile: WITH_DOCKERFILE.has(child) };
    }),
  };
}
