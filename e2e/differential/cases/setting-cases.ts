// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles.

import { type BuildCase, overBase } from '../build-case.ts';

/** What stands in the config of the image. */
export const SETTING_CASES: readonly BuildCase[] = [
  {
    name: 'settings of all kinds',
    dockerfile: overBase(
      'EXPOSE 80 443/tcp 53/udp 8000-8002',
      'VOLUME /data /logs',
      'VOLUME ["/json", "/with blank"]',
      'USER 1000:1000',
      'WORKDIR /srv',
      'STOPSIGNAL SIGINT',
      'LABEL one=1 two="t w o" "three"=3',
      'MAINTAINER me <me@example.com>',
    ),
  },
  {
    name: 'cmd and entrypoint forms',
    dockerfile: overBase('ENTRYPOINT ["/bin/app", "x"]', 'CMD serve --port 80'),
  },
  { name: 'entrypoint clears the cmd of the base', dockerfile: overBase('ENTRYPOINT ["/e"]') },
  { name: 'entrypoint keeps a cmd of the stage', dockerfile: overBase('CMD ["own"]', 'ENTRYPOINT start') },
  { name: 'entrypoint and cmd empty', dockerfile: overBase('ENTRYPOINT []', 'CMD []') },
  {
    name: 'cmd in broken json is shell form',
    dockerfile: overBase("CMD ['single', 'quotes']", 'ENTRYPOINT [broken'),
  },
  {
    name: 'healthcheck forms',
    dockerfile: overBase(
      'HEALTHCHECK --interval=5s --timeout=1m30s --start-period=500ms --retries=3 CMD wget -q localhost || exit 1',
    ),
  },
  { name: 'healthcheck exec', dockerfile: overBase('HEALTHCHECK --interval=1h CMD ["check", "it"]') },
  { name: 'healthcheck none', dockerfile: overBase('HEALTHCHECK CMD x', 'HEALTHCHECK NONE') },
  {
    name: 'env forms',
    dockerfile: overBase(
      'ENV A=1 B="two words" C=three\\ words D=\'single $A\' E="$A" F=',
      'ENV G all the $A rest',
      'ENV A=2 H=$A',
      'ENV PATH=$PATH:/extra',
    ),
  },
  {
    name: 'labels override and expand',
    dockerfile: overBase(
      'ENV V=9',
      'LABEL a=1 b=$V',
      'LABEL a=2 "c d"="e f"',
      'LABEL legacy some text',
      'LABEL multi="line \\',
      ' two"',
    ),
  },
  {
    name: 'labels of the command line',
    dockerfile: overBase('LABEL a=1 b=2'),
    options: { labels: { b: '3', c: '4' } },
  },
  {
    name: 'expose forms',
    dockerfile: overBase('ARG P=81', 'EXPOSE $P 82/TCP 90-91/udp', 'EXPOSE 80 80/tcp'),
  },
  {
    name: 'volumes and later changes',
    dockerfile: overBase('VOLUME /srv', 'RUN echo x > /srv/x', 'COPY a /srv/a'),
    files: { a: 'a' },
  },
  { name: 'stopsignal forms', dockerfile: overBase('ARG S=9', 'STOPSIGNAL $S') },
  {
    name: 'onbuild is kept',
    dockerfile: overBase('ONBUILD RUN echo hi', 'ONBUILD COPY . /x', 'ONBUILD ENV A=$B'),
  },
  {
    name: 'user and workdir by variables',
    dockerfile: overBase('ARG U=app', 'USER $U', 'ENV D=/d', 'WORKDIR $D/x', 'WORKDIR ${MISSING:-y}'),
  },
  {
    name: 'scratch with settings',
    dockerfile: ['FROM scratch', 'COPY a /', 'CMD ["/a"]', ''].join('\n'),
    files: { a: 'a' },
  },
  { name: 'scratch alone', dockerfile: ['FROM scratch', 'WORKDIR /only', ''].join('\n') },
  { name: 'shell is kept', dockerfile: overBase('SHELL ["/bin/sh", "-xc"]') },
];
