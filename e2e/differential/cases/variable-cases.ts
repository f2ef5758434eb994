// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles.

import { type BuildCase, overBase } from '../build-case.ts';

/** ARG, ENV and the forms of `$`. */
export const VARIABLE_CASES: readonly BuildCase[] = [
  {
    name: 'arg scopes',
    dockerfile: [
      'ARG G=global',
      'ARG N',
      'FROM differential/base:1 AS one',
      'ARG G',
      'ENV ONE=$G',
      'ARG L=local',
      'FROM one',
      'ENV TWO="$G $L"',
      'FROM differential/base:1',
      'ENV THREE="$G-$L"',
      'ARG G=again',
      'ENV FOUR=$G',
      '',
    ].join('\n'),
  },
  {
    name: 'arg given by the build',
    dockerfile: ['ARG BASE=nothing', 'FROM ${BASE}:1', 'ARG A=default', 'ARG B', 'ENV X=$A Y=$B', ''].join(
      '\n',
    ),
    options: { buildArgs: { BASE: 'differential/base', A: 'given', B: 'b' } },
  },
  {
    name: 'arg against env',
    dockerfile: overBase(
      'ENV A=env',
      'ARG A=arg',
      'ENV X=$A',
      'ARG B=arg',
      'ENV B=env',
      'ENV Y=$B',
      'RUN echo "$A $B" > /out',
    ),
  },
  {
    name: 'forms of variables',
    dockerfile: overBase(
      'ENV A=a E=',
      'ENV R="${A} ${U:-d} ${A:+p} ${U:+q} ${E:-f} ${E:+h}" S=\\$A T=\'$A\' V="\\$A" W=$A$A-$E$U.',
    ),
  },
  {
    name: 'variables in paths',
    dockerfile: overBase(
      'ARG D=dir',
      'ENV F=a',
      'COPY ${F}.txt /$D/${F:-x}',
      'ADD $F.txt /added/$D/',
      'WORKDIR /w/$D',
      'VOLUME /v/$D',
      'USER ${U:-app}',
    ),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'platform arguments',
    dockerfile: [
      'FROM --platform=$BUILDPLATFORM differential/base:1',
      'ARG TARGETOS',
      'ARG TARGETARCH',
      'ARG TARGETPLATFORM',
      'ARG TARGETVARIANT',
      'ENV X="$TARGETOS $TARGETARCH $TARGETPLATFORM $TARGETVARIANT"',
      '',
    ].join('\n'),
  },
  {
    name: 'a required variable is missing',
    dockerfile: overBase('ENV A=${MISSING:?is needed}'),
    fails: true,
  },
  {
    name: 'env values before the instruction count',
    dockerfile: overBase('ENV abc=hello', 'ENV abc=bye def=$abc', 'ENV ghi=$abc'),
  },
];
