import { type BuildCase, overBase } from '../build-case.ts';

/** Corners of several rules at once: links below WORKDIR, ignore files, sticky folders and what RUN replaces. */
export const CORNER_CASES: readonly BuildCase[] = [
  {
    name: 'corner workdir through a link and then relative',
    dockerfile: overBase(
      'RUN mkdir /real && ln -s /real /alias',
      'WORKDIR /alias',
      'WORKDIR below',
      'COPY a.txt .',
    ),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'corner ignore file with blanks and negation order',
    dockerfile: overBase('COPY . /d/'),
    files: {
      '.dockerignore': '\uFEFF**/*.log  \n! keep/a.log\n/keep/b.*\n!keep/b.txt\n',
      'x.log': 'x',
      'keep/a.log': 'a',
      'keep/b.log': 'b',
      'keep/b.txt': 't',
    },
  },
  {
    name: 'corner run makes a folder of a file and a file of a folder',
    dockerfile: overBase(
      'RUN mkdir -p /t/d/e && echo f > /t/f && echo g > /t/d/e/g',
      'RUN rm -r /t/f /t/d && mkdir /t/f && echo h > /t/f/h && echo d > /t/d',
    ),
  },
  {
    name: 'corner sticky and set-group folders through stages',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN mkdir -p /s/t /s/g && chmod 1777 /s/t && chmod 2755 /s/g',
      'FROM differential/base:1',
      'COPY --from=one /s /s',
      '',
    ].join('\n'),
  },
];
