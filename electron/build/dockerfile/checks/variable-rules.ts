import { suggest } from '../suggest.ts';
import { platformsOf } from './platform-scope.ts';
import type { CheckSubject, Report, Rule } from './rule.ts';

const SECRET_WORD = /(_|^)(apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(_|$)/i;
const HARMLESS_WORD = /(_|^)(public|file|version)(_|$)/i;

/** Every variable is declared above its use. */
export const undefinedVar: Rule = {
  name: 'UndefinedVar',
  description: 'A variable should be declared by ARG or ENV before it is used.',
  *check({ dockerfile, scopes, options }: CheckSubject): Iterable<Report> {
    const globalNames = dockerfile.globalArgs.flatMap(({ args }) => args.map(({ name }) => name));
    const importable = new Set([...platformsOf(options).keys(), ...globalNames]);
    for (const { instructions, isBaseKnown } of scopes) {
      for (const { instruction, undeclared, declared } of instructions) {
        for (const name of undeclared) {
          const meant = suggest(name, declared, false);
          const isCertain = isBaseKnown || meant !== undefined || importable.has(name);
          if (!isCertain && mayComeFromBase(name)) continue;
          yield {
            instruction,
            detail: `${instruction.keyword} uses $${name}, ${explain(name, meant, importable)}`,
          };
        }
      }
    }
  },
};

/** No secrets where everyone who has the image can read them. */
export const secretsUsedInArgOrEnv: Rule = {
  name: 'SecretsUsedInArgOrEnv',
  description:
    'Secrets do not belong into ARG and ENV, which stay readable in the image; use RUN --mount=type=secret.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const instruction of dockerfile.instructions) {
      const names =
        instruction.keyword === 'ARG'
          ? instruction.args.map(({ name }) => name)
          : instruction.keyword === 'ENV'
            ? instruction.pairs.map(({ key }) => key)
            : [];
      for (const name of names) {
        if (!SECRET_WORD.test(name) || HARMLESS_WORD.test(name)) continue;
        yield { instruction, detail: `${instruction.keyword} ${name} looks like a secret.` };
      }
    }
  },
};

/** `ENV key=value` instead of `ENV key value`. */
export const legacyKeyValueFormat: Rule = {
  name: 'LegacyKeyValueFormat',
  description: 'ENV and LABEL should be written with "=", not with a blank between name and value.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'ENV' && instruction.keyword !== 'LABEL') continue;
      if (!instruction.legacy) continue;
      const { keyword, pairs } = instruction;
      yield { instruction, detail: `Write ${keyword} ${pairs[0]?.key ?? 'NAME'}=value instead.` };
    }
  },
};

/** Variables of images are upper case by convention; an unknown base may define any of them. */
function mayComeFromBase(name: string): boolean {
  return name === name.toUpperCase();
}

function explain(name: string, meant: string | undefined, importable: ReadonlySet<string>): string {
  if (importable.has(name)) return `which this stage does not declare. Add ARG ${name} above it.`;
  if (meant !== undefined) return `which is not declared. Did you mean $${meant}?`;
  return 'which is not declared: it becomes nothing.';
}
