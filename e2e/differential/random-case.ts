import { seededRandom } from '../fixtures/random.ts';
import type { BuildCase, CaseFile } from './build-case.ts';

type Pick = <T>(all: readonly T[]) => T;

const NAMES = ['a', 'b', 'c', 'd', 'a.txt', '.hidden', 'a b', 'ü', '[x]', 'x-y', 'srv'];
const FILE_MODES = [0o644, 0o755, 0o600, 0o4755, 0o2750, 0o444];
const FOLDER_MODES = [0o755, 0o700, 0o1777, 0o2755, 0o555];
const LINK_TARGETS = ['a', '../b', '/a/b', '.', '..', 'gone', '/gone', 'a/', 'c'];
const IGNORED = ['a', '**/b', 'a.txt', '*/c', '[ab]/*', '/d/', '?', '**/*.txt', './c', '# a', 'a/**'];
const PLACES = [
  '/x',
  '/x/',
  '.',
  'in/',
  '/d/e/',
  '/l/',
  '/srv/keep/',
  '/srv/keep',
  '/var/run/',
  '/d',
  '/x/a',
  '/x/.',
];
/** Where commands work; few, so that they meet what other commands left. */
const PATHS = [
  '/srv/keep',
  '/srv/keep/a',
  '/srv/old',
  '/srv',
  '/d',
  '/d/a',
  '/d/e',
  '/l',
  '/x',
  '/x/a',
  '/x/b',
  '/home/app',
];
const OWNERS = ['', '', '--chown=5 ', '--chown=app:staff ', '--chown=:7 '];
const SETTINGS = [
  'WORKDIR /w',
  'WORKDIR ../v/w',
  'WORKDIR /l/in',
  'USER app',
  'USER 0',
  'ENV D=/x/y',
  'WORKDIR $D',
];
const PREPARED =
  'RUN mkdir -p /d/e /real && echo a > /d/a && ln -s /real /l && ln -s real /x && ln /srv/old /d/old';

/**
 * A context and a Dockerfile that a seed decides: copies of whatever is in the context and in earlier stages, and
 * commands that remove, move, replace and link each other's files. Both builders refuse it, or both make the same.
 */
export function randomCase(seed: number): BuildCase {
  const random = seededRandom(seed);
  const pick: Pick = (all) => all[Math.floor(random() * all.length)] as (typeof all)[number];
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make);
  const files = randomFiles(pick, random);
  const paths = Object.keys(files);
  const line = (stage: number) =>
    pick([
      () => copyLine(paths, stage, pick),
      () => copyLine(paths, stage, pick),
      () => `RUN { ${some(5, () => command(pick)).join('; ')}; } 2>/dev/null; true`,
      () => `RUN { ${some(5, () => command(pick)).join('; ')}; } 2>/dev/null; true`,
      () => pick(SETTINGS),
    ])();
  const stages = some(3, () => pick([true, false])).flatMap((isFresh, stage) => [
    ...(isFresh || stage === 0
      ? [`FROM differential/base:1 AS s${stage}`, PREPARED]
      : [`FROM s${stage - 1} AS s${stage}`]),
    ...some(5, () => line(stage)),
  ]);
  const ignored = pick([[], some(3, () => pick(IGNORED))]);
  return {
    name: `random ${seed}`,
    dockerfile: `${stages.join('\n')}\n`,
    files: ignored.length === 0 ? files : { ...files, '.dockerignore': `${ignored.join('\n')}\n` },
    mayFail: true,
  };
}

function randomFiles(pick: Pick, random: () => number): Record<string, CaseFile> {
  const files: Record<string, CaseFile> = {};
  const folders = [''];
  const plain: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const folder = pick(folders);
    const path = folder === '' ? pick(NAMES) : `${folder}/${pick(NAMES)}`;
    if (path in files || path.split('/').length > 4) continue;
    const kind = random();
    if (kind < 0.35) {
      files[path] = { folder: true, mode: pick(FOLDER_MODES) };
      folders.push(path);
    } else if (kind < 0.8) {
      files[path] = { text: pick(['', path]), mode: pick(FILE_MODES) };
      plain.push(path);
    } else if (kind < 0.92 || plain.length === 0) files[path] = { link: pick(LINK_TARGETS) };
    else files[path] = { hardlink: pick(plain) };
  }
  return files;
}

function copyLine(paths: readonly string[], stage: number, pick: Pick): string {
  const from = stage === 0 ? '' : pick(['', '', `--from=s${stage - 1} `]);
  const found = from === '' ? pick(['.', ...paths]) : pick(PATHS).slice(1);
  const source = pick([found, found, found, `${found}/`, `/${found}`, withWildcard(found)]);
  return `COPY ${from}${pick(OWNERS)}${JSON.stringify([source, pick(PLACES)])}`;
}

/** The last name of a path with a wildcard for what follows its first letter. */
function withWildcard(path: string): string {
  return path.replace(/[^/]([^/]*)$/, (name) => `${name.slice(0, 1)}*`);
}

function command(pick: Pick): string {
  const [path, other] = [pick(PATHS), pick(PATHS)];
  return pick([
    `rm -rf ${path}`,
    `rm -rf ${path} && mkdir -p ${path}`,
    `rm -rf ${path} && cp -a ${other} ${path}`,
    `mkdir -p ${path}`,
    `echo ${other} >> ${path}`,
    `ln -sfn ${other} ${path}`,
    `ln ${other} ${path}`,
    `mv ${path} ${other}`,
    `mv ${path} ${path}.t && mv ${path}.t ${path}`,
    `chmod ${pick(['600', '755', '4711', '1777'])} ${path}`,
    `chown -R 7:8 ${path}`,
    `touch ${path}`,
  ]);
}
