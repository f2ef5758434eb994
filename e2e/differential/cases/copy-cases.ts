import { AGE, type BuildCase, overBase } from '../build-case.ts';

/** Where COPY puts files, and what it makes of folders, links and modes. */
export const COPY_CASES: readonly BuildCase[] = [
  {
    name: 'copy to new and existing places',
    dockerfile: overBase(
      'COPY a.txt /one',
      'COPY a.txt /two/',
      'COPY a.txt /two',
      'COPY a.txt /three/four/b.txt',
      'COPY a.txt .',
      'COPY a.txt srv',
    ),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'copy over a file of the base',
    dockerfile: overBase('COPY a.txt /srv/old', 'COPY a.txt /srv/keep/a'),
    files: { 'a.txt': { text: 'new', mode: 0o600 } },
  },
  {
    name: 'copy keeps modes and set-id bits of files',
    dockerfile: overBase('COPY a b c d /m/'),
    files: {
      a: { text: 'a', mode: 0o755 },
      b: { text: 'b', mode: 0o4711 },
      c: { text: 'c', mode: 0o400 },
      d: { text: 'd', mode: 0o2750 },
    },
  },
  {
    name: 'copy a folder gives its contents',
    dockerfile: overBase('COPY d /out', 'COPY d/ /slash/', 'COPY d /srv/keep', 'COPY . /all/'),
    files: {
      'd/x': 'x',
      'd/sub/y': 'y',
      d: { folder: true, mode: 0o751 },
      'd/sub': { folder: true, mode: 0o711 },
    },
  },
  {
    name: 'copy of folders sets modes of existing ones below',
    dockerfile: overBase('COPY d /'),
    files: {
      'd/tmp/x': 'x',
      'd/tmp': { folder: true, mode: 0o700 },
      'd/home/app/y': 'y',
      'd/home/app': { folder: true, mode: 0o755 },
    },
  },
  {
    name: 'copy empty folder and empty file',
    dockerfile: overBase('COPY e /e', 'COPY parent /parent', 'COPY empty /empty'),
    files: { e: { folder: true }, 'parent/inner': { folder: true, mode: 0o700 }, empty: '' },
  },
  {
    name: 'copy follows a named link and keeps links inside',
    dockerfile: overBase(
      'COPY link /ln',
      'COPY d /d',
      'COPY dirlink /dl',
      'COPY chain /c',
      'COPY absolute /abs',
    ),
    files: {
      'd/real.txt': 'R',
      'd/inner': { link: 'real.txt' },
      'd/up': { link: '../other' },
      'd/broken': { link: '/nowhere' },
      link: { link: 'd/real.txt' },
      dirlink: { link: 'd' },
      chain: { link: 'link' },
      absolute: { link: '/d/real.txt' },
    },
  },
  {
    name: 'copy through links of the image',
    dockerfile: overBase('COPY a.txt /var/run/a', 'COPY a.txt /var/kept/', 'COPY d /var/run'),
    files: { 'a.txt': 'A', 'd/deep/x': 'x', 'd/var/kept/into': 'i' },
  },
  {
    name: 'copy through links of an earlier copy',
    dockerfile: overBase('COPY d /d', 'COPY a.txt /d/to/file', 'COPY a.txt /d/file'),
    files: { 'd/to': { link: '../target' }, 'd/file': { link: '/srv/linked' }, 'a.txt': 'A' },
  },
  {
    name: 'copy replaces a link by a file in a folder copy',
    dockerfile: overBase('COPY one /x', 'COPY two /x'),
    files: { 'one/l': { link: '/srv/old' }, 'two/l': 'now a file' },
  },
  {
    name: 'copy a link over a file',
    dockerfile: overBase('COPY one /x', 'COPY two /x'),
    files: { 'one/l': 'a file', 'two/l': { link: 'elsewhere' } },
  },
  {
    name: 'copy hard links within one operation',
    dockerfile: overBase('COPY d /together', 'COPY d/a d/b /apart/'),
    files: { 'd/a': 'same', 'd/b': { hardlink: 'd/a' }, 'd/sub/c': { hardlink: 'd/a' } },
  },
  {
    name: 'copy between stages keeps owners links and attributes',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN mkdir -p /x/d && echo f > /x/f && ln /x/f /x/g && ln -s f /x/l && mkfifo /x/p && chown -R 5:6 /x/d && chmod 1770 /x/d && echo q > /x/d/q && chown 7:8 /x/d/q',
      'FROM differential/base:1',
      'COPY --from=one /x /y',
      'COPY --from=one /x/f /x/g /z/',
      'COPY --from=one /usr/bin/capable /cap',
      'COPY --from=one /srv /srv2',
      'COPY --from=0 /home/app /home/app2',
      '',
    ].join('\n'),
    differences: [{ line: /^tree y\/p: fifo/, because: AGE.fifo }],
  },
  {
    name: 'copy from an image and from a link in it',
    dockerfile: [
      'FROM scratch',
      'COPY --from=differential/base:1 /var/run /run',
      'COPY --from=differential/base:1 /var/kept /k',
      'COPY --from=differential/base:1 /etc/passwd /',
      '',
    ].join('\n'),
  },
  {
    name: 'copy whole root between stages',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN rm -r /srv && echo x > /new',
      'FROM scratch',
      'COPY --from=one / /',
      '',
    ].join('\n'),
  },
  {
    name: 'copy a folder onto a link to a folder',
    dockerfile: overBase(
      'RUN mkdir /real && ln -s /real /alias && ln -s /nowhere /dangling',
      'COPY d /alias',
      'COPY a.txt /dangling/x',
    ),
    files: { 'd/x': 'x', 'a.txt': 'A' },
  },
  {
    name: 'copy several sources to a place without a slash leaves the last',
    dockerfile: overBase('COPY a.txt b.txt /dir'),
    files: { 'a.txt': 'A', 'b.txt': 'B' },
  },
  {
    name: 'copy several folders into one',
    dockerfile: overBase('COPY one two /merged/'),
    files: { 'one/a': '1', 'one/same': '1', 'two/b': '2', 'two/same': '2', 'two/sub/c': '3' },
  },
  {
    name: 'copy a fifo from the context',
    dockerfile: overBase('COPY d /d'),
    files: { 'd/p': { fifo: true }, 'd/f': 'f' },
  },
  {
    name: 'copy names with blanks in json form',
    dockerfile: overBase('COPY ["a b.txt", "ünï.txt", "/with blank/"]', 'COPY "quoted" /q'),
    files: { 'a b.txt': 'A', 'ünï.txt': 'U', '"quoted"': 'Q', quoted: 'q' },
  },
  {
    name: 'copy cleans source and destination',
    dockerfile: overBase('COPY ./d/../a.txt /x/../y/./z', 'COPY ../../a.txt /up', 'COPY /a.txt //abs'),
    files: { 'a.txt': 'A', 'd/x': 'x' },
  },
  {
    name: 'copy of a folder onto a link inside fails',
    dockerfile: overBase('COPY d /'),
    files: { 'd/var/kept/into': 'i' },
    fails: true,
  },
  { name: 'copy of a missing file fails', dockerfile: overBase('COPY gone /x'), fails: true },
  {
    name: 'copy of a file over a folder',
    dockerfile: overBase('COPY d /x', 'COPY t /'),
    files: { 'd/f/g': 'g', 't/x': 'file' },
    fails: true,
  },
  {
    name: 'copy of a folder over a file',
    dockerfile: overBase('COPY a /x', 'COPY d /x'),
    files: { a: 'a', 'd/f': 'f' },
    fails: true,
  },
  {
    name: 'copy of a folder over a file inside',
    dockerfile: overBase('COPY one /x', 'COPY two /x'),
    files: { 'one/f': 'a', 'two/f/g': 'f' },
    fails: true,
  },
];
