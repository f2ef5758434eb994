import type { CheckSubject, Report, Rule } from './rule.ts';

const RESERVED = ['context', 'scratch'];

/** No two stages of one name. */
export const duplicateStageName: Rule = {
  name: 'DuplicateStageName',
  description: 'Each stage should have a name of its own.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    const lines = new Map<string, number>();
    for (const { name, from } of dockerfile.stages) {
      if (name === null) continue;
      const line = lines.get(name);
      if (line !== undefined) {
        yield { instruction: from, detail: `The stage "${name}" was already defined in line ${line}.` };
      } else lines.set(name, from.range.line);
    }
  },
};

/** No stage named as something else is. */
export const reservedStageName: Rule = {
  name: 'ReservedStageName',
  description: 'A stage should not have a name that already has a meaning.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const { name, from } of dockerfile.stages) {
      if (name === null || !RESERVED.includes(name)) continue;
      yield { instruction: from, detail: `"${name}" is reserved and cannot be reached as a stage.` };
    }
  },
};

/** Comments above ARG and FROM in the form that tools read. */
export const invalidDefinitionDescription: Rule = {
  name: 'InvalidDefinitionDescription',
  description:
    'A comment right above FROM or ARG should begin with the name it describes; an empty line keeps other comments apart.',
  isExperimental: true,
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const instruction of dockerfile.instructions) {
      const names =
        instruction.keyword === 'FROM'
          ? [instruction.stageName].filter((name) => name !== null)
          : instruction.keyword === 'ARG'
            ? instruction.args.map(({ name }) => name)
            : [];
      const comment = instruction.comments.at(-1);
      const [first] = names;
      if (first === undefined || comment?.line !== instruction.range.line - 1) continue;
      if (isCheckComment(comment.text) || names.includes(comment.text.split(' ')[0] ?? '')) continue;
      const example = names.length > 1 ? 'NAME' : first;
      yield {
        instruction,
        detail: `The comment above ${instruction.keyword} is not of the form "# ${example} text".`,
      };
    }
  },
};

function isCheckComment(text: string): boolean {
  return /^check\s*=/i.test(text);
}
