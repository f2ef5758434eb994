import { describe, expect, it } from 'vitest';
import { findHeredocs, parseHeredocWord, runBody } from './heredoc.ts';
import { parseDockerfile } from './parse.ts';

function instructionsOf(text: string) {
  return parseDockerfile(`FROM scratch\n${text}`, 'Dockerfile').stages[0]?.instructions ?? [];
}

function bodyOf(text: string) {
  const [run] = instructionsOf(text);
  if (run?.keyword !== 'RUN') throw new Error('no RUN');
  return runBody(run.command);
}

describe('parseHeredocWord', () => {
  it.each([
    ['<<EOF', { name: 'EOF', stripTabs: false, expand: true, fileDescriptor: 0 }],
    ['<<-EOF', { name: 'EOF', stripTabs: true }],
    ['3<<EOF', { fileDescriptor: 3 }],
    ['<<"EOF"', { name: 'EOF', expand: false }],
    ["<<'E F'", { name: 'E F', expand: false }],
    ['<<E"O"F', { name: 'EOF', expand: false }],
    ['<<E\\OF', { name: 'EOF', expand: false }],
    ['<<$x', { name: '$x', expand: true }],
  ])('reads %s', (word, expected) => expect(parseHeredocWord(word)).toMatchObject(expected));

  it.each(['EOF', '<EOF', '<<', '<<-', '<<<EOF', 'a<<EOF', '"<<EOF"', '<<"EOF'])(
    'finds none in %s',
    (word) => {
      expect(parseHeredocWord(word)).toBeNull();
    },
  );
});

describe('findHeredocs', () => {
  it.each([
    ['RUN cat <<A <<-"B" > x', ['A', 'B']],
    ['RUN python3 - <<EOF | cat', ['EOF']],
    ['RUN echo "<<EOF"', []],
    ["RUN echo '<<EOF'", []],
    ['RUN echo \\<<EOF', []],
    ['RUN echo $((1<<2))', []],
    ["RUN it's <<EOF", []],
    ['COPY 3<<X 4<<Y /d', ['X', 'Y']],
  ])('finds in %s %j', (line, names) => {
    expect(findHeredocs(line).map(({ name }) => name)).toEqual(names);
  });
});

describe('heredocs in a Dockerfile', () => {
  it('are read in order, each up to its own line', () => {
    const [copy, next] = instructionsOf('COPY <<A <<B /d/\n# a $x\nB\nA\nb\\\nB\nRUN x\n');
    expect(copy).toMatchObject({
      heredocs: [
        { name: 'A', content: '# a $x\nB\n' },
        { name: 'B', content: 'b\\\n' },
      ],
      sources: [],
      range: { line: 2, endLine: 7, endColumn: 1 },
      source: 'COPY <<A <<B /d/',
    });
    expect(next).toMatchObject({ keyword: 'RUN', range: { line: 8 } });
  });

  it('lose leading tabs after <<-, only tabs and only for use', () => {
    const [copy] = instructionsOf('COPY <<-E /d\n\t\ta\n\t  b\n\tE\n');
    expect(copy).toMatchObject({ heredocs: [{ content: 'a\n  b\n', rawContent: '\t\ta\n\t  b\n' }] });
  });

  it('stand beside other sources', () => {
    const [copy] = instructionsOf('COPY a <<E b /d/\nx\nE\n');
    expect(copy).toMatchObject({ sources: ['a', 'b'], heredocs: [{ name: 'E' }], destination: '/d/' });
  });

  it('may follow a continued line, and may be empty', () => {
    const [run] = instructionsOf('RUN a && \\\n  b <<E\nE\n');
    expect(run).toMatchObject({ command: { text: 'a &&   b <<E', heredocs: [{ content: '' }] } });
  });

  it('keep Windows line ends in their content', () => {
    const [copy] = instructionsOf('COPY <<E /d\r\na\r\nE\r\n');
    expect(copy).toMatchObject({ heredocs: [{ content: 'a\r\n' }] });
  });

  it.each(['RUN ["cat", "<<EOF"]', 'CMD cat <<EOF', 'ENV a=<<EOF', 'LABEL a=<<EOF', 'ENTRYPOINT cat <<EOF'])(
    'are none in %s',
    (line) => {
      expect(instructionsOf(`${line}\nUSER x\n`).map(({ keyword }) => keyword)).toHaveLength(2);
    },
  );
});

describe('runBody', () => {
  it('gives a lone heredoc to the shell', () => {
    expect(bodyOf('RUN <<E\na\nb\nE\n')).toEqual({ kind: 'shell', script: 'a\nb\n' });
    expect(bodyOf('RUN <<-E\n\ta\n\tE\n')).toEqual({ kind: 'shell', script: 'a\n' });
  });

  it('makes a file of a heredoc that names its interpreter', () => {
    const content = '#!/usr/bin/env python3\nprint(1)\n';
    expect(bodyOf(`RUN <<E\n${content}E\n`)).toEqual({ kind: 'file', path: '/dev/pipes/E', content });
  });

  it('puts the text together again for anything else', () => {
    expect(bodyOf('RUN cat <<A 3<<-B\na\nA\n\tb\n\tB\n')).toEqual({
      kind: 'shell',
      script: 'cat <<A 3<<-B\na\nA\n\tb\nB',
    });
    expect(bodyOf('RUN <<A <<B\na\nA\nb\nB\n')).toMatchObject({ script: '<<A <<B\na\nA\nb\nB' });
  });

  it('passes on plain commands', () => {
    expect(bodyOf('RUN x "y"\n')).toEqual({ kind: 'shell', script: 'x "y"' });
    expect(bodyOf('RUN ["x", "y"]\n')).toEqual({ kind: 'exec', args: ['x', 'y'] });
  });
});
