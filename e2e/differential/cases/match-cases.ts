import { type BuildCase, overBase } from '../build-case.ts';

const TREE = {
  'a.go': 'a',
  'b.go': 'b',
  'c.md': 'c',
  'src/d.go': 'd',
  'src/x/e.go': 'e',
  'src/x/f.md': 'f',
  'doc/g.md': 'g',
  '.hidden': 'h',
  'log.1': '1',
  'log.22': '22',
  'node_modules/m/index.js': 'm',
} as const;

const ignoring = (name: string, ...lines: string[]): BuildCase => ({
  name: `ignore ${name}`,
  dockerfile: overBase('COPY . /ctx/'),
  files: { ...TREE, '.dockerignore': lines.join('\n') },
});

/** Wildcards and .dockerignore. */
export const MATCH_CASES: readonly BuildCase[] = [
  {
    name: 'wildcards of one part',
    dockerfile: overBase(
      'COPY *.go /g/',
      'COPY log.? /l/',
      'COPY [ab].go /ab/',
      'COPY [^a].go /na/',
      'COPY * /all/',
    ),
    files: TREE,
  },
  {
    name: 'wildcards of folders',
    dockerfile: overBase(
      'COPY s*/*.go /1/',
      'COPY */x /2/',
      'COPY src/*/*.md /3/',
      'COPY d?c /4/',
      'COPY node_modules/*/index.js /5',
    ),
    files: TREE,
  },
  {
    name: 'a wildcard that finds one file keeps the name',
    dockerfile: overBase('COPY doc/*.md /one', 'COPY c.* /two', 'COPY package*.json yarn.loc[k] ./w/'),
    files: { ...TREE, 'package.json': '{}' },
  },
  {
    name: 'a wildcard that finds nothing',
    dockerfile: overBase('COPY *.none /n/', 'COPY *.none /m'),
    files: TREE,
  },
  {
    name: 'a wildcard that finds several folders',
    dockerfile: overBase('COPY s* d* /merged/', 'COPY s*/ /all'),
    files: TREE,
  },
  {
    name: 'wildcards do not go through links',
    dockerfile: overBase('COPY l*/f /x/', 'COPY linked/* /y/', 'COPY linked/f* /z'),
    files: { linked: { link: 'dir' }, 'dir/f': 'f', 'dir/g': 'g' },
  },
  {
    name: 'wildcards between stages',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN mkdir -p /x/1 /x/2 && touch /x/1/a.so /x/2/b.so /x/2/c',
      'FROM scratch',
      'COPY --from=one /x/*/*.so /lib/',
      '',
    ].join('\n'),
  },
  {
    name: 'wildcard matches links',
    dockerfile: overBase('COPY l* /x/'),
    files: { l1: { link: 'real' }, ld: { link: 'dir' }, real: 'r', 'dir/f': 'f' },
  },
  {
    name: 'escaped brackets',
    dockerfile: overBase('COPY arr[[]0].txt /x/'),
    files: { 'arr[0].txt': '0', 'arr0.txt': '1' },
  },
  ignoring('by name', 'c.md', 'src', 'node_modules'),
  ignoring('by wildcard', '*.md', 'log.*'),
  ignoring('at any depth', '**/*.md', '**/node_modules'),
  ignoring('all but some', '*', '!src', '!*.md'),
  ignoring('with later exceptions', '**/*.go', '!src/x/e.go', '!b.go'),
  ignoring('a folder but something in it', 'src', '!src/x/f.md'),
  ignoring(
    'with comments blanks and slashes',
    '# comment',
    '',
    '  c.md  ',
    '/doc/',
    './src/x',
    ' # not a comment',
  ),
  ignoring('with a deep folder', 'src/*', '!src/x', 'src/x/*.md'),
  ignoring('the Dockerfile and itself', 'Dockerfile', '.dockerignore'),
  ignoring('by question marks and classes', 'log.?', '[ab].go', 'doc/[^x]*'),
  {
    name: 'ignore file of the Dockerfile wins',
    dockerfile: overBase('COPY . /ctx/'),
    files: { ...TREE, '.dockerignore': '*.go\n', 'other.Dockerfile.dockerignore': '*.md\n' },
    options: { dockerfile: 'other.Dockerfile' },
  },
  {
    name: 'a file that is ignored cannot be copied',
    dockerfile: overBase('COPY c.md /x'),
    files: { ...TREE, '.dockerignore': '*.md\n' },
    fails: true,
  },
];
