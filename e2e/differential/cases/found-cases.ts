import { type BuildCase, overBase } from '../build-case.ts';

const lines = (...all: readonly string[]): string => [...all, ''].join('\n');

/** What random Dockerfiles over random contexts found, each made as small as it goes. */
export const FOUND_CASES: readonly BuildCase[] = [
  {
    name: 'found run makes a folder anew with a folder in it as it was',
    dockerfile: overBase(
      'RUN t=$(stat -c %Y /srv/keep) && rm -r /srv && mkdir -p /srv/keep && touch -d @$t /srv/keep',
    ),
  },
  {
    name: 'found a destination that ends with a dot is a file',
    dockerfile: overBase(
      'COPY a /x/.',
      'COPY a /y/./',
      'WORKDIR /w',
      'COPY a .',
      'COPY a ./z/.',
      'COPY a ""',
    ),
    files: { a: 'a' },
  },
  {
    name: 'found a wildcard below a missing folder fails',
    dockerfile: overBase('COPY gone/* /x/'),
    fails: true,
  },
  {
    name: 'found a wildcard below a missing folder of a stage fails',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'FROM scratch',
      'COPY --from=one gone/* /x/',
      'COPY --from=one /srv/old /',
    ),
    fails: true,
  },
  {
    name: 'found a wildcard that finds a link to nothing fails',
    dockerfile: overBase('COPY l* /x/'),
    files: { l1: { link: 'a' }, l2: { link: '/gone' }, a: 'a' },
    fails: true,
  },
  {
    name: 'found a wildcard below a folder written with an escape fails',
    dockerfile: overBase('COPY d/\\\\[x]/f* /x/'),
    files: { 'd/[x]/f': 'f' },
    fails: true,
  },
  {
    name: 'found a broken wildcard fails, also where nothing comes to it',
    dockerfile: overBase('COPY d*/gone/[* /x/'),
    files: { 'd/f': 'f' },
    fails: true,
  },
  {
    name: 'found env comes before arg in a stage from a stage',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'ENV A=env',
      'ARG A=arg',
      'ENV X=$A',
      'FROM one',
      'ENV Y=$A',
      'RUN echo $A > /a',
      'ARG A=again',
      'ENV Z=$A',
    ),
  },
  {
    name: 'found from names a stage in lower case only',
    dockerfile: lines('FROM differential/base:1 AS One', 'FROM ONE'),
    fails: true,
  },
  {
    name: 'found a stage that needs itself fails, also where nothing needs it',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'COPY --from=one /srv /x',
      'FROM differential/base:1',
    ),
    fails: true,
  },
  {
    name: 'found a base without a name fails, also where nothing needs it',
    dockerfile: lines('FROM $NONE AS one', 'FROM differential/base:1'),
    fails: true,
  },
  {
    name: 'found chown to root where nobody is listed',
    dockerfile: lines('FROM scratch', 'COPY --chown=root:root a /a', 'COPY --chown=root a /b'),
    files: { a: 'a' },
  },
  {
    name: 'found chown with a colon and no group gives group 0',
    dockerfile: overBase('COPY --chown=5: a /1', 'COPY --chown=app: a /2', 'COPY --chown=: a /3'),
    files: { a: 'a' },
  },
  {
    name: 'found chown to an id that is too high',
    dockerfile: overBase('COPY --chown=4294967295 a /a'),
    files: { a: 'a' },
    refused: 'BuildKit takes it for a name and gives the file to root without a word',
  },
  { name: 'found signals of all forms', dockerfile: overBase('STOPSIGNAL sigrtmin+15', 'STOPSIGNAL +9') },
  { name: 'found a signal that there is not fails', dockerfile: overBase('STOPSIGNAL SIGFOO'), fails: true },
  { name: 'found the signal 0 fails', dockerfile: overBase('STOPSIGNAL 0'), fails: true },
  { name: 'found expose with more or less of a protocol', dockerfile: overBase('EXPOSE 80/ 81/udp/x') },
  { name: 'found a volume of an unset variable fails', dockerfile: overBase('VOLUME $D'), fails: true },
];
