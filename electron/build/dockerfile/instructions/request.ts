import type { CommandForm, Comment, Heredoc, InstructionKeyword } from '../ast.ts';
import { type FlagKind, type FlagValues, readFlags } from '../flags.ts';
import { type SourcePlace, sourceError } from '../source-error.ts';
import { readJsonArray } from '../words.ts';

/** An instruction cut into its parts, from which each keyword's parser makes the typed one. */
export interface InstructionRequest {
  readonly keyword: InstructionKeyword;
  /** Fields that every instruction has, apart from `keyword`. */
  readonly base: {
    readonly keywordText: string;
    readonly range: SourcePlace['range'];
    readonly source: string;
    readonly original: string;
    readonly comments: readonly Comment[];
    readonly emptyLines: readonly number[];
  };
  /** Leading `--flag` words. */
  readonly flagWords: readonly string[];
  /** The rest of the line, without blanks around. */
  readonly rest: string;
  readonly heredocs: readonly Heredoc[];
  readonly escape: string;
  readonly place: SourcePlace;
}

/** The flags of the instruction, typed. Throws `dockerfile-invalid` for any that it does not know. */
export function flagsOf<const S extends Readonly<Record<string, FlagKind>>>(
  request: InstructionRequest,
  kinds: S,
): FlagValues<S> {
  return readFlags(request.keyword, request.flagWords, kinds, request.place);
}

/** Refuses every flag. */
export function refuseFlags(request: InstructionRequest): void {
  flagsOf(request, {});
}

/** A `dockerfile-invalid` error at the instruction. */
export function invalid(request: InstructionRequest, message: string, hint?: string): Error {
  return sourceError(request.place, message, hint);
}

/** The items of an exec form, or null when the text is in shell form. A JSON array of anything but strings throws. */
export function execItems(request: InstructionRequest, text: string): readonly string[] | null {
  const json = readJsonArray(text);
  if (json.kind === 'not-strings') {
    throw invalid(
      request,
      `${request.keyword} has a JSON array with something else than strings.`,
      'Put every item into double quotes.',
    );
  }
  return json.kind === 'array' ? json.items : null;
}

/** A command in exec form when it is a JSON array, else in shell form. */
export function commandForm(request: InstructionRequest, text: string): CommandForm {
  const args = execItems(request, text);
  return args === null ? { form: 'shell', text, heredocs: request.heredocs } : { form: 'exec', args };
}

/** The text of the comment `# <name> <text>` above the instruction. */
export function descriptionOf(request: InstructionRequest, name: string | null): string | null {
  if (name === null || name === '') return null;
  const comment = request.base.comments.find(({ text }) => text.startsWith(`${name} `));
  return comment === undefined ? null : comment.text.slice(name.length + 1);
}
