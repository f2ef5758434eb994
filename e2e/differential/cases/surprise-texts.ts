// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles.

import { type BuildCase, overBase } from '../build-case.ts';

const lines = (...all: readonly string[]): string => [...all, ''].join('\n');

/** What a person would not expect at first of quotes, escapes, continuations and variables. */
export const SURPRISE_TEXTS: readonly BuildCase[] = [
  {
    name: 'surprise env with quotes over continued lines',
    dockerfile: overBase(
      'ENV A="one \\',
      '  two" \\',
      '# a comment between',
      "    B='three \\",
      "four' \\",
      '',
      '  C=five\\ six D=a"b c"d\'e f\'g',
      'RUN env | grep -E "^[ABCD]=" | sort > /out',
    ),
  },
  {
    name: 'surprise env in the old form keeps blanks and equal signs',
    dockerfile: overBase('ENV OLD   a  b = c ', 'ENV Q "x  y"', 'ENV EQ a=b', 'LABEL old form of label'),
  },
  {
    name: 'surprise escapes in words',
    dockerfile: overBase(
      'ENV A=a\\b B="a\\b" C=\'a\\b\' D="a\\"b" E=\\"x\\" F="\\$X" G=\\\\ H="\\\\"',
      'LABEL "k e y"="v\\',
      'alue"',
    ),
  },
  {
    name: 'surprise labels with variables, empty ones and numbers as names',
    dockerfile: overBase('ARG V=1', 'LABEL a.b/$V=$V 1=2 empty= q="" "x y"=z', 'LABEL a.b/1=again'),
  },
  {
    name: 'surprise arguments before FROM build on each other',
    dockerfile: lines(
      'ARG NAME=base',
      'ARG TAG=${NONE:-1}',
      'ARG IMAGE=differential/${NAME}:${TAG}',
      'ARG STAGE=the',
      'FROM ${IMAGE} AS ${STAGE}x',
      'ARG IMAGE',
      'ARG NAME=own',
      'ENV I=$IMAGE N=$NAME T=${TAG:-unset}',
    ),
    fails: true,
  },
  {
    name: 'surprise arguments before FROM with defaults of each other',
    dockerfile: lines(
      'ARG NAME=base',
      'ARG TAG=${NONE:-1}',
      'ARG IMAGE=differential/${NAME}:${TAG}',
      'FROM ${IMAGE} AS one',
      'ARG IMAGE',
      'ARG NAME=own',
      'ENV I=$IMAGE N=$NAME T=${TAG:-unset}',
      'FROM one',
      'ARG IMAGE=over',
      'ENV J=$IMAGE M=$NAME',
    ),
    options: { buildArgs: { TAG: '1' } },
  },
  {
    name: 'surprise an argument of several stages is given once',
    dockerfile: lines(
      'FROM differential/base:1 AS one',
      'ARG A=first',
      'RUN echo $A > /a',
      'FROM differential/base:1',
      'ARG A',
      'ARG B=$A-$A',
      'COPY --from=one /a /x-${B}',
      'RUN echo "${A:-none}" > /b',
    ),
    options: { buildArgs: { A: 'given' } },
  },
  {
    name: 'surprise a variable holds blanks in copy, workdir and user',
    dockerfile: overBase(
      'ENV D="a b" U=app',
      'WORKDIR /w/$D',
      'COPY x "/$D/"',
      'COPY ["x", "/json $D/y"]',
      'USER ${U}:${G:-staff}',
      'RUN pwd > /tmp/p',
    ),
    files: { x: 'x' },
  },
  {
    name: 'surprise nested defaults and alternatives',
    dockerfile: overBase(
      'ENV A=a B=',
      'ENV R="${X:-${Y:-${A}}}" S=${B:-"q q"} T="${A:+${B:-in ${A}}}" U=${X:-} V="${A:-$B}${B:+x}"',
    ),
  },
  {
    name: 'surprise expose with ranges, protocols and a variable of several words',
    dockerfile: overBase('ENV P="8080 9090/udp"', 'EXPOSE $P 1000-1003/tcp 53/UDP', 'EXPOSE 8080'),
  },
  {
    name: 'surprise cmd over continued lines with comments and tabs',
    dockerfile: overBase(
      'CMD [ "a", \\',
      '# note',
      '\t"b c", \\',
      '  "\\u0041\\n" ]',
      'ENTRYPOINT exec  "$0"\t$@ \\',
      '   more',
    ),
  },
  {
    name: 'surprise the escape character is a backtick',
    dockerfile: lines(
      '# escape=`',
      'FROM differential/base:1',
      'ENV A=C:\\dir\\x B="q `"q`" \\n" `',
      '  C=z',
      'COPY a.txt /w\\x/',
      'RUN echo `',
      ' one > /o',
    ),
    files: { 'a.txt': 'A' },
  },
];
