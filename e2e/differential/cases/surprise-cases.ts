import { AGE, type BuildCase, type CaseFile, overBase } from '../build-case.ts';
import { caseTar } from '../case-tar.ts';

const lines = (...all: readonly string[]): string => [...all, ''].join('\n');

const TREE: Readonly<Record<string, CaseFile>> = {
  'src/a/one.txt': '1',
  'src/a/deep/two.txt': '2',
  'src/b/three.txt': '3',
  'src/top.txt': 't',
  'src/a.d': 'a file',
};

/** Where copied files end up: wildcards, slashes, links and what was there before. */
const PLACES: readonly BuildCase[] = [
  {
    name: 'surprise wildcard that finds folders and files gives their contents and them',
    dockerfile: overBase('COPY src/* /all/', 'COPY src/a* /some/'),
    files: TREE,
  },
  {
    name: 'surprise wildcard folders with a slash behind',
    dockerfile: overBase('COPY src/*/ /x/', 'COPY src/a/ /y', 'COPY ./src/. /z'),
    files: TREE,
  },
  {
    name: 'surprise one folder by wildcard to a place without a slash',
    dockerfile: overBase('COPY src/b* /x', 'COPY sr? /y'),
    files: TREE,
  },
  {
    name: 'surprise destination with dots and double slashes',
    dockerfile: overBase(
      'WORKDIR /w/x',
      'COPY src/top.txt ./',
      'COPY src/top.txt ../up/',
      'COPY src/top.txt .//n//m',
    ),
    files: TREE,
  },
  {
    name: 'surprise destination is the root or the working folder',
    dockerfile: overBase('COPY src/top.txt /', 'WORKDIR /here', 'COPY src/b .', 'COPY src/top.txt renamed'),
    files: TREE,
  },
  {
    name: 'surprise destination goes through a chain of links',
    dockerfile: overBase(
      'RUN mkdir -p /real/deep && ln -s /real /l1 && ln -s l1/deep /l2 && ln -s ../../l2 /real/deep/back',
      'COPY src/top.txt /l2/back/new/',
      'COPY src/a /l2/back/',
    ),
    files: TREE,
  },
  {
    name: 'surprise destination link leads to nothing yet',
    dockerfile: overBase(
      'RUN ln -s /not/there /dangling && ln -s gone.txt /f',
      'COPY src/a /dangling/',
      'COPY src/top.txt /f',
    ),
    files: TREE,
  },
  {
    name: 'surprise destination link climbs above the root',
    dockerfile: overBase('RUN ln -s ../../../../../srv /up', 'COPY src/top.txt /up/', 'ADD src/b /up/b'),
    files: TREE,
  },
  {
    name: 'surprise workdir through a link to nothing',
    dockerfile: overBase('RUN ln -s /later /w', 'WORKDIR /w/in', 'COPY src/top.txt .', 'RUN pwd > /pwd'),
    files: TREE,
  },
  {
    name: 'surprise source climbs above the context',
    dockerfile: overBase('COPY ../../src/top.txt /x', 'COPY /src/../src/b /y/', 'COPY ../* /z/'),
    files: { 'src/top.txt': 't', 'src/b/f': 'f' },
  },
  {
    name: 'surprise source is a link to a folder, with and without a slash',
    dockerfile: overBase('COPY l /x', 'COPY l/ /y', 'COPY l/deep /z/', 'COPY loop /q/'),
    files: { ...TREE, l: { link: 'src/a' }, loop: { link: './src/a/../b' } },
  },
  {
    name: 'surprise link that goes up through another link',
    dockerfile: overBase('COPY up /q/'),
    files: { ...TREE, l: { link: 'src/a' }, up: { link: './l/deep/../../src/b' } },
    refused:
      'its ".." counts from where the link before it really leads, as for the kernel; BuildKit takes the words away',
  },
  {
    name: 'surprise source is an absolute link inside the context',
    dockerfile: overBase('COPY l /x', 'COPY in /y/'),
    files: { ...TREE, l: { link: '/src/top.txt' }, in: { link: '/src/b' } },
  },
  {
    name: 'surprise the same file twice and a folder twice in one copy',
    dockerfile: overBase('COPY src/top.txt src/top.txt src/b src/b /x/'),
    files: TREE,
  },
  {
    name: 'surprise hard links through several copies and chmod after them',
    dockerfile: overBase('COPY d /x/', 'RUN chmod 600 /x/a', 'COPY d/b /x/a'),
    files: { 'd/a': 'A', 'd/b': { hardlink: 'd/a' } },
  },
];

/** Names of users, ids, and modes. */
const OWNERS: readonly BuildCase[] = [
  {
    name: 'surprise chown with a group alone, by name of the group, or an id of nobody',
    dockerfile: overBase(
      'COPY --chown=app:staff a /1',
      'COPY --chown=77 a /2',
      'COPY --chown=77:staff a /3',
      'COPY --chown=solo a /4',
    ),
    files: { a: 'a' },
  },
  {
    name: 'surprise chown by a name that a step added',
    dockerfile: overBase(
      'RUN echo "new:x:4321:1234::/:/bin/sh" >> /etc/passwd && echo "crew:x:999:" >> /etc/group',
      'COPY --chown=new a /1/',
      'COPY --chown=new:crew a /2',
      'USER new:crew',
      'WORKDIR /3/4',
      'RUN id -u > /tmp/u && id -g > /tmp/g',
    ),
    files: { a: 'a' },
  },
  {
    name: 'surprise chown names come from the target, not from the source',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'RUN echo "app:x:5:6::/:/bin/sh" > /etc/passwd && mkdir /o && echo x > /o/x && chown 5:6 /o/x',
      'FROM differential/base:1',
      'COPY --from=one --chown=app /o /p',
      'COPY --from=one /o/x /q/r',
    ),
  },
  {
    name: 'surprise user with blanks and a number that is a name',
    dockerfile: overBase(
      'USER  app ',
      'RUN id -un > /tmp/a',
      'USER 1002',
      'RUN id -u > /tmp/b && id -g > /tmp/c',
      'USER 1000:50',
      'RUN id -g > /tmp/d',
    ),
  },
  {
    name: 'surprise an unknown user fails when it runs',
    dockerfile: overBase('USER nobody-here', 'RUN true'),
    fails: true,
  },
  {
    name: 'surprise an unknown user is kept where nothing runs',
    dockerfile: overBase('USER nobody-here:nor-group'),
  },
  {
    name: 'surprise a file that cannot be read by others keeps its mode through stages',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'COPY a /a',
      'RUN chmod 0 /a',
      'FROM scratch',
      'COPY --from=one /a /b',
    ),
    files: { a: { text: 'a', mode: 0o4711 } },
  },
];

/** Steps that change what others did. */
const STEPS: readonly BuildCase[] = [
  {
    name: 'surprise volume keeps what is written later',
    dockerfile: overBase(
      'RUN mkdir -p /v/old && echo 1 > /v/old/f',
      'VOLUME /v /w\\x /two',
      'RUN echo 2 > /v/new && rm -r /v/old',
      'COPY a /v/',
      'VOLUME ["/v", "/x"]',
    ),
    files: { a: 'a' },
  },
  {
    name: 'surprise volume with quotes fails outside of json',
    dockerfile: overBase('VOLUME /v "/two words"'),
    fails: true,
  },
  {
    name: 'surprise shells change between steps and reach health checks',
    dockerfile: overBase(
      'SHELL ["/bin/sh", "-euc"]',
      'RUN echo $- > /1',
      'CMD run it',
      'HEALTHCHECK CMD is it well',
      'SHELL ["/bin/busybox", "sh", "-c"]',
      'RUN echo "$0" > /2',
      'ENTRYPOINT start',
    ),
  },
  {
    name: 'surprise triggers of triggers, with copies and settings',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'ARG IN=one',
      'ONBUILD COPY a /from-trigger/',
      'ONBUILD RUN echo $V > /seen',
      'ONBUILD ENV T="$V t"',
      'ONBUILD WORKDIR /trig',
      'ONBUILD USER app',
      'ENV V=1',
      'FROM one AS two',
      'RUN pwd > /tmp/two',
      'ONBUILD LABEL third=yes',
      'FROM two',
      'ENV W="$T w"',
    ),
    files: { a: 'a' },
  },
  {
    name: 'surprise workdir relative, with variables, dots and a slash behind',
    dockerfile: overBase(
      'WORKDIR a',
      'WORKDIR ../b/./c/',
      'ENV D=x',
      'WORKDIR ${D}/$D',
      'RUN pwd > /pwd',
      'WORKDIR /',
      'WORKDIR "quoted dir"',
    ),
  },
  {
    name: 'surprise workdir replaces nothing that is there',
    dockerfile: overBase(
      'RUN mkdir -p /w && chmod 700 /w && chown 5:6 /w',
      'USER app',
      'WORKDIR /w',
      'WORKDIR /w/new',
    ),
  },
  {
    name: 'surprise entrypoint of the base stage is reset by the child',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'ENTRYPOINT ["e"]',
      'CMD ["c"]',
      'FROM one AS two',
      'ENTRYPOINT ["f"]',
      'FROM two',
      'CMD []',
    ),
  },
  {
    name: 'surprise a stage name that is also an image, and a number',
    dockerfile: lines(
      'FROM scratch AS differential',
      'COPY a /a',
      'FROM differential/base:1 AS base',
      'COPY --from=differential /a /1',
      'COPY --from=0 /a /2',
      'FROM base',
      'COPY --from=1 /1 /3',
    ),
    files: { a: 'a' },
  },
  {
    name: 'surprise files removed and made again in one step keep nothing',
    dockerfile: overBase(
      'RUN mkdir -p /d/e && echo 1 > /d/e/f && ln /d/e/f /d/g',
      'RUN rm -rf /d && mkdir /d && ln -s e /d/f',
      'RUN rm /d/f && mkdir -p /d/f/e && echo 2 > /d/f/e/x',
    ),
  },
  {
    name: 'surprise names that look like whiteouts when a step makes them',
    dockerfile: overBase('RUN mkdir /d && echo x > /d/.whx && echo y > /d/wh.y && echo z > "/d/ .wh.z"'),
  },
];

const ODD = caseTar(
  { path: 'a/very/deep/folder/that/nobody/made/before/f', text: 'F' },
  { path: './a/./h', type: 'hardlink', linkName: './a/very/deep/folder/that/nobody/made/before/f' },
  { path: '/abs/f', text: 'abs', uid: 12, gid: 13 },
  { path: 'abs/f', text: 'again', mode: 0o600 },
  { path: 'l', type: 'symlink', mode: 0o777, linkName: '/srv' },
  { path: 'dir', type: 'directory', mode: 0o1777, uid: 1, gid: 2 },
  { path: 'dir/', type: 'directory', mode: 0o700, uid: 3, gid: 4 },
  { path: 'empty', text: '' },
);

/** Archives with odd content, and ignore files that let things in again. */
const ARCHIVES: readonly BuildCase[] = [
  {
    name: 'surprise archive with deep folders, hard links, absolute and double names',
    dockerfile: overBase('ADD odd.tar /x/', 'ADD odd.tar /srv/more/'),
    files: { 'odd.tar': { bytes: ODD } },
  },
  {
    name: 'surprise archive has a folder where the image has a file',
    dockerfile: overBase('ADD odd.tar /srv/keep/'),
    files: { 'odd.tar': { bytes: ODD } },
    fails: true,
  },
  {
    name: 'surprise archive is copied as it is by copy, and kept through add from a link',
    dockerfile: overBase('COPY odd.tar /x/', 'ADD l /y/'),
    files: { 'odd.tar': { bytes: ODD }, l: { link: 'odd.tar' } },
  },
  {
    name: 'surprise ignore file lets files in below ignored folders',
    dockerfile: overBase('COPY . /x/'),
    files: {
      '.dockerignore': '*\n!src\nsrc/**\n!src/**/*.txt\nsrc/a/deep\n!**/top.*\n',
      ...TREE,
      'top.md': 'm',
      'other/top.x': 'x',
    },
    differences: [{ line: /^tree x\/(other|src\/[ab])(\/|:)/, because: AGE.reachesBack }],
  },
  {
    name: 'surprise ignore file with double stars in the middle and at the end',
    dockerfile: overBase('COPY . /x/'),
    files: {
      '.dockerignore': 'src/**/two*\n**/b/**\n!src/b/three.txt\n**/*.d\n/\n.\n',
      ...TREE,
      'x/b/y/z': 'z',
      'b/q': 'q',
    },
  },
  {
    name: 'surprise ignored folder is not found by name, but what was let in is',
    dockerfile: overBase('COPY src/a/deep /x/', 'COPY src/*/*.txt /y/'),
    files: { '.dockerignore': 'src/a\n!src/a/deep\n', ...TREE },
  },
  {
    name: 'surprise copy of an ignored source by wildcard finds the rest',
    dockerfile: overBase('COPY src/t* src/a* /x/'),
    files: { '.dockerignore': 'src/top.txt\n', ...TREE },
  },
];

/** What a person would not expect at first, in what steps do with files. */
export const SURPRISE_CASES: readonly BuildCase[] = [...PLACES, ...OWNERS, ...STEPS, ...ARCHIVES];
