import { type BuildCase, overBase } from '../build-case.ts';

const lines = (...all: readonly string[]): string => [...all, ''].join('\n');

/** Stages, targets and triggers. */
export const STAGE_CASES: readonly BuildCase[] = [
  {
    name: 'target by name and case',
    dockerfile: lines(
      'FROM differential/base:1 AS Build',
      'RUN echo b > /b',
      'FROM scratch AS last',
      'COPY --from=BUILD /b /l',
    ),
    options: { target: 'build' },
  },
  {
    name: 'the last stage is built',
    dockerfile: lines(
      'FROM differential/base:1 AS build',
      'RUN echo b > /b',
      'FROM scratch AS last',
      'COPY --from=BUILD /b /l',
      'COPY --from=0 /b /n',
    ),
  },
  {
    name: 'a stage from a stage inherits',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'ENV A=1',
      'WORKDIR /w',
      'USER app',
      'CMD ["c"]',
      'LABEL l=1',
      'SHELL ["/bin/sh", "-ec"]',
      'FROM one AS two',
      'RUN echo $- $A > /tmp/x',
      'LABEL m=2',
    ),
  },
  {
    name: 'a stage that is not needed is not built',
    dockerfile: lines(
      'FROM does/not-exist:1 AS unused',
      'RUN false',
      'FROM differential/base:1',
      'RUN echo ok > /ok',
    ),
  },
  {
    name: 'the same name twice',
    dockerfile: lines(
      'FROM differential/base:1 AS x',
      'RUN echo 1 > /f',
      'FROM differential/base:1 AS x',
      'RUN echo 2 > /f',
      'FROM scratch',
      'COPY --from=x /f /f',
    ),
  },
  {
    name: 'triggers of a stage run in the next',
    dockerfile: lines(
      'FROM differential/base:1 AS base',
      'ONBUILD COPY a.txt /triggered',
      'ONBUILD RUN echo t >> /log',
      'ONBUILD ENV T=1',
      'RUN echo base > /log',
      'FROM base',
      'RUN echo own >> /log',
    ),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'triggers are not inherited twice',
    dockerfile: lines(
      'FROM differential/base:1 AS base',
      'ONBUILD RUN echo t >> /log',
      'FROM base AS child',
      'FROM child AS grandchild',
      'RUN echo g >> /log',
    ),
  },
  {
    name: 'copy from a later-removed file',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'RUN mkdir /x && echo 1 > /x/a && echo 2 > /x/b',
      'RUN rm /x/a',
      'FROM scratch',
      'COPY --from=one /x /x',
    ),
  },
  {
    name: 'layers of a base stage are shared',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'RUN echo 1 > /a',
      'COPY f /f',
      'FROM one',
      'RUN rm /a && echo 2 > /b',
      'COPY --from=one /a /a2',
    ),
    files: { f: 'f' },
  },
  { name: 'an unknown stage fails', dockerfile: lines('FROM scratch', 'COPY --from=99 /a /b'), fails: true },
  {
    name: 'an unknown instruction fails',
    dockerfile: overBase('COPPY a /b'),
    files: { a: 'a' },
    fails: true,
  },
  {
    name: 'an unknown flag fails',
    dockerfile: overBase('COPY --owner=1 a /b'),
    files: { a: 'a' },
    fails: true,
  },
  {
    name: 'lower case keywords and directives',
    dockerfile: lines(
      '# a comment first',
      'from differential/base:1 as X',
      'run echo x > /x',
      'Env a=b',
      'copy a.txt /',
      'workdir /w',
    ),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'carriage returns and a byte order mark',
    dockerfile: `\ufeff${lines('FROM differential/base:1', 'ENV A=1', 'RUN echo "$A" \\', ' > /out', 'LABEL x=y').replaceAll('\n', '\r\n')}`,
  },
];
