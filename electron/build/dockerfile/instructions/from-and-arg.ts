import type { ArgInstruction, FromInstruction } from '../ast.ts';
import { splitBlanks, splitQuoted } from '../words.ts';
import { descriptionOf, flagsOf, type InstructionRequest, invalid, refuseFlags } from './request.ts';

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

/** `FROM [--platform=P] IMAGE [AS NAME]`. */
export function parseFrom(request: InstructionRequest): FromInstruction {
  const [image, as, name, ...more] = splitBlanks(request.rest);
  const isNamed = name !== undefined && more.length === 0 && as?.toLowerCase() === 'as';
  if (image === undefined || (as !== undefined && !isNamed)) {
    const message =
      image === undefined ? 'FROM has no image.' : `FROM has words too many: "${request.rest}".`;
    throw invalid(request, message, 'Write FROM IMAGE or FROM IMAGE AS NAME.');
  }
  const stageName = name?.toLowerCase() ?? null;
  if (stageName !== null && !STAGE_NAME.test(stageName)) {
    throw invalid(
      request,
      `"${name}" cannot be the name of a stage.`,
      'A name begins with a letter and goes on with letters, digits, "-", "_" and ".".',
    );
  }
  const { platform } = flagsOf(request, { platform: 'text' });
  return {
    keyword: 'FROM',
    ...request.base,
    image,
    stageName,
    stageNameText: name ?? null,
    asText: as ?? null,
    description: descriptionOf(request, stageName),
    flags: { platform },
  };
}

/** `ARG NAME[=DEFAULT] ...`. */
export function parseArg(request: InstructionRequest): ArgInstruction {
  refuseFlags(request);
  const words = splitQuoted(request.rest, request.escape);
  if (words.length === 0) throw invalid(request, 'ARG has no name.', 'Write ARG NAME or ARG NAME=default.');
  const args = words.map((word) => {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (name === '') throw invalid(request, `ARG has no name before "${word}".`, 'Write ARG NAME=default.');
    return {
      name,
      value: equals < 0 ? null : word.slice(equals + 1),
      description: descriptionOf(request, name),
    };
  });
  return { keyword: 'ARG', ...request.base, args };
}
