import { expect, it } from 'vitest';
import { directiveNotes } from './directive-notes.ts';
import { readDirectives } from './directives.ts';

const notes = (...lines: readonly string[]) => directiveNotes(readDirectives(lines, 'Dockerfile'));

it.each([
  ['# syntax=docker/dockerfile:1.26', /^Noted: docker\/dockerfile:1\.26\..*loads no frontend/],
  ['# syntax=docker.io/docker/dockerfile-upstream:master', /^Noted: /],
  ['# syntax=acme/nixfile:2', /^acme\/nixfile:2 is no frontend .*not understood here/],
  ['# check=skip=JSONArgsRecommended,FromAsCasing', /^Left out: JSONArgsRecommended, FromAsCasing\.$/],
  ['# check=skip=all', /^No rule is checked\.$/],
  ['# check=error=true', /^Any finding makes the build fail\.$/],
  ['# check=experimental=CopyIgnoredFile', /^Checked too: CopyIgnoredFile\.$/],
  ['# escape=`', /escaped with ` here/],
])('%s is noted with what it comes to', (line, says) => {
  const [note, ...more] = notes(line, 'FROM a');
  expect(more).toEqual([]);
  expect(note?.text).toMatch(says);
});

it('each note stands at its line, and a file without directives has none', () => {
  expect(
    notes('# check=error=true', '# syntax=docker/dockerfile:1', 'FROM a').map(({ line }) => line),
  ).toEqual([1, 2]);
  expect(notes('# escape=\\', 'FROM a')).toEqual([]);
});
