import type { SourceNote } from '#shared/contract/projects.ts';
import type { CheckDirective, Directives } from './directives.ts';

/** The frontends whose language is the Dockerfile's own. */
const KNOWN_FRONTEND = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

/** What the directives at the top of a Dockerfile come to here, in file order. */
export function directiveNotes(directives: Directives): SourceNote[] {
  const { syntax, check } = directives;
  const notes: SourceNote[] = [];
  if (syntax !== undefined) notes.push({ line: syntax.range.line, text: syntaxWords(syntax.value) });
  if (check !== undefined) notes.push({ line: check.range.line, text: checkWords(check.options) });
  if (directives.escape === '`')
    notes.push({ line: 1, text: 'Lines are continued and signs escaped with ` here.' });
  return notes.sort((a, b) => a.line - b.line);
}

function syntaxWords(value: string): string {
  // Some write options behind the image.
  const image = value.split(/\s/, 1)[0] ?? value;
  return KNOWN_FRONTEND.test(image)
    ? `Noted: ${image}. Strata reads the Dockerfile by itself and loads no frontend, so its version changes nothing.`
    : `${image} is no frontend of Dockerfiles that Strata knows. It is not loaded: what it adds to the language is not understood here.`;
}

function checkWords({ skip, skipAll, error, experimental, experimentalAll }: CheckDirective): string {
  const parts = [
    skipAll ? 'No rule is checked.' : skip.length > 0 ? `Left out: ${skip.join(', ')}.` : '',
    error === true ? 'Any finding makes the build fail.' : '',
    experimentalAll ? 'All experimental rules are checked too.' : '',
    experimental.length > 0 ? `Checked too: ${experimental.join(', ')}.` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'The checks are as usual.' : parts.join(' ');
}
