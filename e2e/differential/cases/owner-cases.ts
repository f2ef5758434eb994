// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles.

import { AGE, type BuildCase, overBase } from '../build-case.ts';

/** --chown, --chmod, USER and WORKDIR: who owns what. */
export const OWNER_CASES: readonly BuildCase[] = [
  {
    name: 'chown by numbers and names',
    dockerfile: overBase(
      'COPY --chown=5 a /n1/a',
      'COPY --chown=5:6 a /n2/a',
      'COPY --chown=app a /n3/a',
      'COPY --chown=app:staff a /n4/a',
      'COPY --chown=:staff a /n5/a',
      'COPY --chown=1000 a /n6/a',
      'COPY --chown=solo:7 a /n7/a',
    ),
    files: { a: 'a' },
  },
  {
    name: 'chown of folders and links',
    dockerfile: overBase('COPY --chown=5:6 d /x/y', 'COPY --chown=7:8 d /x/y/z/'),
    files: { 'd/a': 'a', 'd/l': { link: 'a' }, 'd/s/b': 'b' },
  },
  {
    name: 'chown into existing folders',
    dockerfile: overBase('COPY --chown=5:6 d /srv', 'COPY --chown=5:6 d/keep/n /home/app/n'),
    files: { 'd/keep/n': 'n', 'd/new/m': 'm' },
  },
  {
    name: 'chown from another stage',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN mkdir /x && touch /x/f && chown 5:6 /x/f',
      'FROM differential/base:1',
      'COPY --from=one --chown=app:app /x /y',
      '',
    ].join('\n'),
  },
  {
    name: 'chown of an unknown user',
    dockerfile: overBase('COPY --chown=nobodyknows a /a'),
    files: { a: 'a' },
    refused: 'BuildKit gives the file to root without a word',
  },
  {
    name: 'chown by a variable',
    dockerfile: overBase('ARG WHO=app', 'COPY --chown=${WHO}:staff a /a'),
    files: { a: 'a' },
  },
  {
    name: 'chmod in octal',
    dockerfile: overBase(
      'COPY --chmod=640 a /o/a',
      'COPY --chmod=4755 d /d',
      'COPY --chmod=0700 --chown=5:6 d /e',
      'ADD --chmod=600 a /added',
    ),
    files: { a: { text: 'a', mode: 0o755 }, 'd/x': 'x', 'd/s/y': 'y', 'd/l': { link: 'x' } },
    differences: [{ line: /^tree d\/(s|x|s\/y): .* 4755 /, because: AGE.specialBits }],
  },
  {
    name: 'files of the context belong to root whatever the user',
    dockerfile: overBase(
      'USER app',
      'COPY a /home/app/a',
      'COPY a /newdir/a',
      'WORKDIR work/deep',
      'COPY a .',
    ),
    files: { a: 'a' },
  },
  {
    name: 'workdir is made for the user',
    dockerfile: overBase(
      'USER 9:8',
      'WORKDIR /a/b',
      'WORKDIR c',
      'USER app',
      'WORKDIR ../d',
      'USER root',
      'WORKDIR /e/',
      'WORKDIR /srv/keep',
    ),
  },
  {
    name: 'workdir by a number without a group and by a name',
    dockerfile: overBase(
      'USER 1000',
      'WORKDIR /n/x',
      'USER 4242',
      'WORKDIR /m/x',
      'USER app:staff',
      'WORKDIR /g/x',
      'USER solo',
      'WORKDIR /s',
    ),
  },
  {
    name: 'workdir through links and variables',
    dockerfile: overBase('ENV P=/var/run', 'WORKDIR $P/inside', 'WORKDIR ${P}/../kept/x', 'COPY a rel/'),
    files: { a: 'a' },
    differences: [{ line: /^config workingDir/, because: AGE.cleanWorkdir }],
  },
  {
    name: 'run as a user',
    dockerfile: overBase(
      'USER app',
      'WORKDIR /home/app',
      'RUN id > id && umask > umask && env | sort > env && pwd > pwd && touch f && mkdir d',
    ),
    differences: [{ line: /^tree home\/app\/id:/, because: AGE.groups }],
  },
  {
    name: 'run as user and group',
    dockerfile: overBase(
      'RUN mkdir -m 777 /w',
      'USER app:staff',
      'RUN id > /w/1; id -u > /w/u1; id -g > /w/g1',
      'USER 1000',
      'RUN id > /w/2; id -u > /w/u2; id -g > /w/g2',
      'USER 4242',
      'RUN id > /w/3; id -u > /w/u3; id -g > /w/g3',
      'USER 4242:50',
      'RUN id > /w/4; id -u > /w/u4; id -g > /w/g4',
      'USER :staff',
      'RUN id > /w/5',
    ),
    differences: [{ line: /^tree w\/[1-5]:/, because: AGE.groups }],
  },
];
