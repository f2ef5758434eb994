import { AGE, type BuildCase, overBase } from '../build-case.ts';

/** What RUN leaves in its layer, and what it sees. */
export const RUN_CASES: readonly BuildCase[] = [
  {
    name: 'run over layers that come twice',
    dockerfile: overBase(
      'COPY d /x',
      'RUN rm /x/a && echo b > /x/b && rm -r /srv/keep',
      'COPY d /x',
      'RUN ls /x > /list && rm /x/a',
      'COPY d /x',
      'RUN --mount=from=differential/base:1,target=/m ls /x /m > /list2',
    ),
    files: { 'd/a': 'A', 'd/s/c': 'C' },
    differences: [{ line: /^tree m: nothing/, because: AGE.stubs }],
  },
  {
    name: 'run shell and exec form',
    dockerfile: overBase(
      'RUN echo $0 "$@" > /shell; echo a && echo b >> /shell',
      'RUN ["/bin/sh", "-c", "echo $0 > /exec"]',
      'RUN ["touch", "/plain $HOME"]',
    ),
  },
  {
    name: 'run removes files and folders',
    dockerfile: overBase(
      'RUN rm /srv/old',
      'RUN rm -r /srv/keep',
      'RUN mkdir /srv/keep && echo n > /srv/keep/n',
    ),
  },
  {
    name: 'run replaces a folder in one step',
    dockerfile: overBase(
      'RUN rm -r /srv/keep && mkdir /srv/keep && echo n > /srv/keep/n',
      'RUN rm -r /home/app && ln -s /srv /home/app',
    ),
  },
  {
    name: 'run changes modes and owners only',
    dockerfile: overBase('RUN chmod 600 /srv/old && chown 5:6 /srv/keep && chmod 1777 /home'),
  },
  {
    name: 'run makes links of all kinds',
    dockerfile: overBase(
      'RUN ln /srv/old /srv/hard && ln -s /srv/old /srv/soft && ln -s nowhere /srv/dangling && ln /srv/keep/a /srv/third',
      'RUN echo more >> /srv/hard',
    ),
  },
  {
    name: 'run makes special files',
    dockerfile: overBase(
      'RUN mkfifo /p && mknod /c c 1 3 && mknod /b b 7 0 && mkdir -m 3770 /s && touch /u && chmod 6755 /u',
    ),
  },
  {
    name: 'run moves folders of the base',
    dockerfile: overBase('RUN mv /srv/keep /srv/moved', 'RUN mv /srv /srv2'),
  },
  {
    name: 'run that changes nothing',
    dockerfile: overBase('RUN true', 'RUN cat /srv/old > /dev/null', 'RUN touch /x && rm /x'),
  },
  {
    name: 'run writes files with odd names',
    dockerfile: overBase(
      'RUN touch "/a b" /ünï "/new\\nline" /-dash \'/quote"\' && printf x > "/$(printf "tab\\there")"',
    ),
  },
  {
    name: 'run with a long name',
    dockerfile: overBase(
      'RUN d=/l; for i in 1 2 3 4 5 6; do d=$d/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done; mkdir -p $d && touch $d/f && ln -s $d/f /l/link',
    ),
  },
  {
    name: 'run sees env and args',
    dockerfile: overBase(
      'ARG A=1',
      'ARG B',
      'ARG C',
      'ENV D="two words" A2=$A',
      'ENV A=env',
      'RUN env | grep -v ^HOSTNAME | grep -v ^SHLVL | sort > /env',
    ),
    options: { buildArgs: { B: 'b' } },
  },
  {
    name: 'run with another shell',
    dockerfile: overBase(
      'SHELL ["/bin/sh", "-ec"]',
      'RUN echo $- > /flags',
      'SHELL ["/bin/busybox", "ash", "-c"]',
      'RUN echo $0 > /ash',
      'CMD echo hi',
      'ENTRYPOINT start me',
    ),
  },
  {
    name: 'run with line continuation and comments',
    dockerfile: overBase(
      'RUN echo one \\',
      '# a comment',
      '  && echo "two \\',
      '  three" > /out',
      'RUN echo a\\',
      'b > /joined',
    ),
  },
  {
    name: 'run with escape directive',
    dockerfile: [
      '# escape=`',
      'FROM differential/base:1',
      'RUN echo a `',
      ' && echo C:\\\\x > /out',
      'ENV P=C:\\dir\\x Q=`$P',
      'COPY a.txt /c`',
      '',
      '',
    ].join('\n'),
    files: { 'a.txt': 'A' },
  },
  {
    name: 'run uses proxies without keeping them',
    dockerfile: overBase('RUN echo "$HTTP_PROXY $no_proxy" > /proxies'),
    options: { buildArgs: { HTTP_PROXY: 'http://p:1', no_proxy: 'localhost' } },
  },
  { name: 'run fails', dockerfile: overBase('RUN exit 3'), fails: true },
  {
    name: 'run sees standard folders and devices',
    dockerfile: overBase(
      'RUN ls /dev > /devices; id > /id; stat -c "%a %F" /dev/null /dev/shm /tmp /proc/self > /stats; cat /proc/1/comm > /one; umask > /umask; pwd > /pwd; ulimit -c >/dev/null; test -t 0 || echo no tty > /tty',
    ),
    differences: [{ line: /^tree id:/, because: AGE.groups }],
  },
  {
    name: 'run cannot write to the system',
    dockerfile: overBase(
      'RUN { echo x > /proc/sys/kernel/hostname; } 2>/dev/null && echo wrote > /sys1; mount -t tmpfs x /mnt 2>/dev/null && echo mounted > /m; grep Cap /proc/self/status > /caps; true',
    ),
  },
  {
    name: 'run keeps setuid programs working',
    dockerfile: overBase(
      'RUN cp /bin/busybox /busybox-root && chmod 4755 /busybox-root && mkdir -m 777 /w',
      'USER app',
      'RUN grep Uid /proc/self/status > /w/own; /busybox-root grep Uid /proc/self/status > /w/effective; /busybox-root touch /w/f',
    ),
  },
  {
    name: 'run keeps a capability of a file',
    dockerfile: overBase('RUN mv /usr/bin/capable /usr/bin/moved && cp -a /srv /copy'),
  },
  {
    name: 'run mount cache secret and tmpfs leave nothing',
    dockerfile: overBase(
      'RUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t --mount=type=secret,id=s,target=/s touch /c/x /t/y && cat /s > /out && stat -c "%a %u:%g" /c /t /s >> /out',
    ),
    files: { secret: 'hush' },
    options: { secrets: [{ id: 's', file: 'secret' }] },
    differences: [{ line: /^tree [ct]: nothing/, because: AGE.stubs }],
  },
  {
    name: 'run mount bind of the context and of a stage',
    dockerfile: [
      'FROM differential/base:1 AS one',
      'RUN mkdir /x && echo f > /x/f && chown 5:6 /x/f',
      'FROM differential/base:1',
      'WORKDIR /w',
      'RUN --mount=target=ctx --mount=from=one,source=x,target=/m,rw ls -lRn ctx /m | grep -v total | sed "s/  */ /g" | cut -d" " -f1,3,4,5,9 > /out; touch /m/new',
      '',
    ].join('\n'),
    files: { a: 'A', 'd/b': { text: 'B', mode: 0o755 } },
    differences: [{ line: /^tree (m|w\/ctx): nothing/, because: AGE.stubs }],
  },
];
