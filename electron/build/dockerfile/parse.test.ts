import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDockerfile, parseTrigger } from './parse.ts';

/** The last instruction of a Dockerfile that has this line behind a FROM. */
function one(line: string) {
  const instruction = parseDockerfile(`FROM scratch\n${line}\n`, 'Dockerfile').instructions.at(-1);
  if (instruction === undefined) throw new Error('nothing was parsed');
  return instruction;
}

const shell = (text: string) => ({ form: 'shell', text });
const exec = (...args: string[]) => ({ form: 'exec', args });

describe('parseDockerfile', () => {
  it.each([
    ['FROM alpine', { image: 'alpine', stageName: null, flags: { platform: undefined } }],
    ['from alpine:3 as Base', { image: 'alpine:3', stageName: 'base', stageNameText: 'Base', asText: 'as' }],
    ['FROM --platform=$BUILDPLATFORM $X AS a.b-c_1', { image: '$X', flags: { platform: '$BUILDPLATFORM' } }],
    [
      'ARG a b=1 c= d="x y"',
      {
        args: [
          { name: 'a', value: null },
          { name: 'b', value: '1' },
          { name: 'c', value: '' },
          { name: 'd', value: '"x y"' },
        ],
      },
    ],
    [
      'ENV a=b c="d e" f=g\\ h',
      {
        pairs: [
          { key: 'a', value: 'b' },
          { key: 'c', value: '"d e"' },
          { key: 'f', value: 'g\\ h' },
        ],
        legacy: false,
      },
    ],
    ['ENV a b  c "d"', { pairs: [{ key: 'a', value: 'b  c "d"' }], legacy: true }],
    ['ENV "a b"=c', { pairs: [{ key: '"a b"', value: 'c' }] }],
    [
      "ENV a='b c' d=e",
      {
        pairs: [
          { key: 'a', value: "'b c'" },
          { key: 'd', value: 'e' },
        ],
      },
    ],
    [
      'LABEL "org.x"=1 b=2',
      {
        pairs: [
          { key: '"org.x"', value: '1' },
          { key: 'b', value: '2' },
        ],
        legacy: false,
      },
    ],
    ['LABEL a b', { pairs: [{ key: 'a', value: 'b' }], legacy: true }],
    ['RUN echo "a  b" && x', { command: shell('echo "a  b" && x') }],
    ['RUN ["a", "b\\u0041", "c d"]', { command: exec('a', 'bA', 'c d') }],
    ['RUN [ "a", b ]', { command: shell('[ "a", b ]') }],
    ['RUN [ -f x ] && y', { command: shell('[ -f x ] && y') }],
    [
      'RUN --network=none --security=insecure x',
      { command: shell('x'), flags: { network: 'none', security: 'insecure' } },
    ],
    ['RUN --device=vendor.com/gpu=all x', { flags: { devices: ['vendor.com/gpu=all'] } }],
    ['RUN -- --x', { command: shell('--x') }],
    ['RUN echo --mount=type=bind', { command: shell('echo --mount=type=bind'), flags: { mounts: [] } }],
    ['CMD ["x"]', { command: exec('x') }],
    ['CMD []', { command: exec() }],
    ['CMD x $Y', { command: shell('x $Y') }],
    ['ENTRYPOINT []', { command: exec() }],
    ['ENTRYPOINT x', { command: shell('x') }],
    ['SHELL ["/bin/bash", "-c"]', { shell: ['/bin/bash', '-c'] }],
    ['COPY a b /c/', { sources: ['a', 'b'], destination: '/c/', heredocs: [] }],
    ['COPY ["a b", "c"]', { sources: ['a b'], destination: 'c' }],
    [
      'COPY --from=x --chown=a:b --chmod=u+x --link --parents=true --exclude=*.md --exclude=t a b',
      { flags: { from: 'x', chown: 'a:b', chmod: 'u+x', link: true, parents: true, exclude: ['*.md', 't'] } },
    ],
    ['COPY --link=False a b', { flags: { link: false, parents: undefined } }],
    ['COPY --chown="a b" a b', { flags: { chown: 'a b' }, sources: ['a'] }],
    [
      'ADD --checksum=sha256:1 --keep-git-dir=true --unpack=false --link https://x/y /z',
      {
        sources: ['https://x/y'],
        flags: { checksum: 'sha256:1', keepGitDir: true, unpack: false, link: true },
      },
    ],
    ['EXPOSE 80 443/tcp 22', { ports: ['22', '443/tcp', '80'] }],
    ['EXPOSE $PORTS', { ports: ['$PORTS'] }],
    ['VOLUME /a /b', { paths: ['/a', '/b'] }],
    ['VOLUME ["/a b", "/c"]', { paths: ['/a b', '/c'] }],
    ['USER a:b', { user: 'a:b' }],
    ['WORKDIR /a b', { path: '/a b' }],
    ['STOPSIGNAL SIGKILL', { signal: 'SIGKILL' }],
    ['MAINTAINER Jane Doe <j@x>', { maintainer: 'Jane Doe <j@x>' }],
    ['HEALTHCHECK NONE', { check: null }],
    ['healthcheck none', { check: null }],
    [
      'HEALTHCHECK --interval=1m30s --timeout=0 --start-period=5s --start-interval=500ms --retries=3 CMD curl x',
      {
        check: {
          command: shell('curl x'),
          interval: 90e9,
          timeout: 0,
          startPeriod: 5e9,
          startInterval: 5e8,
          retries: 3,
        },
      },
    ],
    [
      'HEALTHCHECK CMD ["curl", "x"]',
      { check: { command: exec('curl', 'x'), interval: null, retries: null } },
    ],
    ['ONBUILD COPY . /x', { trigger: 'COPY . /x', instruction: { keyword: 'COPY', destination: '/x' } }],
    ['onbuild run x', { trigger: 'run x', instruction: { keyword: 'RUN', source: 'RUN x' } }],
  ])('reads %s', (line, expected) => {
    expect(one(line)).toMatchObject(expected);
  });

  it.each([
    ['FORM alpine', /"FORM" is not an instruction/, /FROM/],
    ['npm ci', /"npm" is not an instruction/, /begins with an instruction/],
    ['FROM', /FROM has no image/, /FROM IMAGE/],
    ['FROM a b', /words too many/, /AS NAME/],
    ['FROM a AS', /words too many/, /AS NAME/],
    ['FROM a OF b', /words too many/, /AS NAME/],
    ['FROM a AS 1b', /"1b" cannot be the name/, /begins with a letter/],
    ['FROM a AS b$c', /cannot be the name/, /begins with a letter/],
    ['FROM --platfrom=x a', /no flag --platfrom/, /--platform/],
    ['ARG', /ARG has no name/, /ARG NAME/],
    ['ARG =x', /no name before/, /ARG NAME/],
    ['ENV', /nothing to set/, /NAME=value/],
    ['ENV a', /ENV a has no value/, /ENV a=value/],
    ['ENV a=b c', /"c" without a "="/, /quotes/],
    ['ENV =b', /no name/, /NAME=value/],
    ['LABEL', /nothing to set/, /LABEL NAME/],
    ['RUN', /RUN has no command/, /RUN COMMAND/],
    ['RUN []', /empty command/, /program/],
    ['RUN ["a", 1]', /something else than strings/, /double quotes/],
    ['RUN --network=nat x', /--network=nat is not known/, /default, none, host/],
    ['RUN --network=hots x', /--network=hots is not known/, /Did you mean host/],
    ['RUN --security=x x', /--security=x/, /sandbox/],
    ['RUN --mount=type=bnid,target=/x y', /"bnid" is no type/, /bind/],
    ['CMD [1]', /something else than strings/, /double quotes/],
    ['SHELL /bin/bash', /not written as a JSON array/, /SHELL \[/],
    ['SHELL []', /SHELL is empty/, /SHELL \[/],
    ['COPY a', /at least one source and a destination/, /COPY SOURCE DESTINATION/],
    ['COPY', /at least one source/, /COPY \. \/app/],
    ['COPY --form=x a b', /no flag --form/, /--from/],
    ['COPY --from a b', /--from of COPY has no value/, /--from=VALUE/],
    ['COPY --from= a b', /--from of COPY has no value/, /--from=VALUE/],
    ['COPY --link=x a b', /neither true nor false/, /--link/],
    ['COPY --chown=a --chown=b a b', /--chown twice/, /one of them/],
    ['COPY --keep-git-dir a b', /no flag --keep-git-dir/, /knows/],
    ['ADD --from=x a b', /no flag --from/, /knows/],
    ['EXPOSE', /EXPOSE has no port/, /8080/],
    ['VOLUME', /VOLUME has no path/, /data/],
    ['VOLUME [""]', /empty path/, /data/],
    ['VOLUME []', /empty path/, /data/],
    ['USER', /USER has no user/, /USER/],
    ['WORKDIR', /WORKDIR has no path/, /app/],
    ['WORKDIR --x /a', /no flag --x/, /has no flags/],
    ['STOPSIGNAL', /STOPSIGNAL has no signal/, /SIGTERM/],
    ['MAINTAINER', /MAINTAINER has no text/, /MAINTAINER/],
    ['HEALTHCHECK', /HEALTHCHECK has no command/, /HEALTHCHECK CMD/],
    ['HEALTHCHECK curl', /does not know "curl"/, /HEALTHCHECK CMD/],
    ['HEALTHCHECK CMD', /CMD has no command/, /HEALTHCHECK CMD/],
    ['HEALTHCHECK NONE x', /takes nothing more/, /Remove "x"/],
    ['HEALTHCHECK --interval=5 CMD x', /not a duration/, /30s/],
    ['HEALTHCHECK --interval=1us CMD x', /shorter than 1ms/, /30s/],
    ['HEALTHCHECK --interval=-1s CMD x', /shorter than 1ms/, /30s/],
    ['HEALTHCHECK --retries=-1 CMD x', /not a count/, /whole number/],
    ['HEALTHCHECK --retries=x CMD x', /not a count/, /whole number/],
    ['ONBUILD', /ONBUILD has no instruction/, /ONBUILD COPY/],
    ['ONBUILD ONBUILD RUN x', /ONBUILD cannot stand behind ONBUILD/, /builds on this image/],
    ['ONBUILD FROM x', /FROM cannot stand behind ONBUILD/, /builds on this image/],
    ['ONBUILD MAINTAINER x', /MAINTAINER cannot stand/, /builds on this image/],
    ['ONBUILD FOO', /"FOO" is not an instruction/, /begins/],
    ['RUN <<EOF\nx\n', /heredoc "EOF" is not closed/, /exactly EOF/],
    ['COPY a <<EOF\nx\nEOF', /heredoc as its destination/, /path/],
  ])('refuses %j, with a hint', (line, message, hint) => {
    const error = catchError(() => one(line));
    expect(error.code).toBe('dockerfile-invalid');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.detail).toMatchObject({ kind: 'source', path: 'Dockerfile', range: { line: 2, column: 0 } });
  });

  it.each([
    ['', /has no instructions/],
    ['# only a comment\n', /has no instructions/],
    ['ARG x\n', /has no FROM/],
    ['RUN x\nFROM a\n', /RUN stands before the first FROM/],
  ])('refuses the file %j', (text, message) => {
    expect(() => parseDockerfile(text, 'Dockerfile')).toThrow(message);
  });

  it('sorts instructions into stages, ARGs above the first FROM apart', () => {
    const text = 'ARG V=1\nARG W\nFROM a:$V AS x\nRUN 1\nARG V\nFROM x\nRUN 2\n';
    const { stages, globalArgs, instructions } = parseDockerfile(text, 'Dockerfile');
    expect(globalArgs.map(({ args }) => args[0]?.name)).toEqual(['V', 'W']);
    expect(stages.map(({ index, name, from }) => [index, name, from.image])).toEqual([
      [0, 'x', 'a:$V'],
      [1, null, 'x'],
    ]);
    expect(stages[0]?.instructions.map(({ keyword }) => keyword)).toEqual(['RUN', 'ARG']);
    expect(instructions).toHaveLength(7);
  });

  it('takes descriptions of stages and arguments from the comments above them', () => {
    const text = '# V which version\n# W also\nARG V=1 W\n# app the program itself\nFROM a AS app\n';
    const { stages, globalArgs } = parseDockerfile(text, 'Dockerfile');
    expect(globalArgs[0]?.args.map(({ description }) => description)).toEqual(['which version', 'also']);
    expect(stages[0]?.from.description).toBe('the program itself');
  });

  it('keeps the keyword as typed, a line to show and the line as BuildKit joins it', () => {
    const instruction = one('run apt-get update \\\n    && x # not a comment');
    expect(instruction).toMatchObject({
      keyword: 'RUN',
      keywordText: 'run',
      source: 'RUN apt-get update && x # not a comment',
      original: 'run apt-get update     && x # not a comment',
    });
  });

  it('uses the escape directive for continuations and words', () => {
    const text = '# escape=`\nFROM a\nENV A=C:\\ B="x`"y"\nRUN dir `\n C:\\\n';
    const { stages } = parseDockerfile(text, 'Dockerfile');
    expect(stages[0]?.instructions).toMatchObject([
      {
        pairs: [
          { key: 'A', value: 'C:\\' },
          { key: 'B', value: '"x`"y"' },
        ],
      },
      { command: shell('dir  C:\\') },
    ]);
  });

  it('throws nothing but its own error, whatever the text', () => {
    const words = [
      'FROM a',
      'RUN',
      'COPY',
      'ENV',
      '--mount=',
      'type=cache',
      '<<EOF',
      'EOF',
      '\\',
      '"',
      "'",
      '[',
      '$x',
      ' ',
      '\n',
      '=',
      '#',
      'HEALTHCHECK',
      'ONBUILD',
      '--',
    ];
    const wild = fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 20 });
    fc.assert(
      fc.property(wild, (parts) => {
        try {
          parseDockerfile(parts.join(''), 'Dockerfile');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseTrigger', () => {
  const place = { path: 'Dockerfile', range: { line: 4, column: 0, endLine: 4, endColumn: 9 } };

  it.each([
    ['RUN x', { keyword: 'RUN', command: shell('x') }],
    ['COPY --from=b a c', { keyword: 'COPY', flags: { from: 'b' } }],
    ['RUN <<EOF\nx\nEOF', { keyword: 'RUN', command: { heredocs: [{ name: 'EOF', content: 'x\n' }] } }],
  ])('reads the stored trigger %j', (text, expected) => {
    expect(parseTrigger(text, place)).toMatchObject({ ...expected, range: place.range });
  });

  it.each(['', 'RUN a\nRUN b', 'FOO'])('refuses %j and points at the FROM', (text) => {
    const error = catchError(() => parseTrigger(text, place));
    expect(error.detail).toEqual({ kind: 'source', ...place });
  });

  it('reads back what ONBUILD stored', () => {
    const onbuild = one('ONBUILD COPY --chown=1 <<A <<-"B" /x/\n1 $y\nA\n\t2\n\tB');
    if (onbuild.keyword !== 'ONBUILD') throw new Error('no ONBUILD');
    const again = parseTrigger(onbuild.trigger, place);
    expect(again).toMatchObject({
      heredocs: [
        { name: 'A', content: '1 $y\n', expand: true },
        { name: 'B', content: '2\n', expand: false },
      ],
      destination: '/x/',
    });
  });
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
