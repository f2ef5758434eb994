import { expandFromWord } from '../../plan/build-variables.ts';
import type { Dockerfile, Instruction, Stage } from '../ast.ts';
import { type Expansion, expand } from '../expand.ts';
import { expandedWords } from '../expanded-words.ts';
import { attempt } from './attempt.ts';
import type { CheckOptions, KnownBase } from './check-options.ts';

/** An instruction with what its words become in its place. */
export interface ScopedInstruction {
  readonly instruction: Instruction;
  /** The words that the builder expands, in order; one that cannot be expanded is missing. */
  readonly expansions: readonly Expansion[];
  /** Names it asks for that nothing above it declares. */
  readonly undeclared: readonly string[];
  /** The names it could have meant. */
  readonly declared: readonly string[];
}

/** A stage with what it inherits. */
export interface StageScope {
  readonly stage: Stage;
  /** The earlier stage it is built on, if any. */
  readonly parent: StageScope | null;
  /** What is known of its base image; undefined for an unknown one and where there is a parent. */
  readonly base: KnownBase | undefined;
  /** The base image or stage with the variables in place, null when they cannot be expanded. */
  readonly baseName: string | null;
  /** Whether every variable that the base brings is known. */
  readonly isBaseKnown: boolean;
  readonly instructions: readonly ScopedInstruction[];
  /** Variables with a value at the end. */
  readonly values: ReadonlyMap<string, string>;
  /** ARGs without a value at the end. */
  readonly valueless: ReadonlySet<string>;
}

/** The default that every image starts with. */
const SCRATCH: KnownBase = {
  env: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
};

/** Follows the variables through all stages, as the builder does. */
export function stageScopes(
  dockerfile: Dockerfile,
  globals: ReadonlyMap<string, string>,
  options: CheckOptions,
): StageScope[] {
  const scopes: StageScope[] = [];
  for (const stage of dockerfile.stages) {
    const baseName = attempt(() => expandFromWord(dockerfile, stage.from, stage.from.image, globals));
    // The name of a stage beats that of an image, and a later stage of the same name the earlier.
    const parent =
      scopes.findLast(({ stage: { name } }) => name !== null && name === baseName?.toLowerCase()) ?? null;
    const base = parent === null ? knownBase(baseName, options) : undefined;
    const walk = new StageWalk(dockerfile, globals, options, parent, base);
    const instructions = stage.instructions.map((instruction) => walk.visit(instruction));
    const isBaseKnown = parent?.isBaseKnown ?? base !== undefined;
    const { values, valueless } = walk;
    scopes.push({ stage, parent, base, baseName, isBaseKnown, instructions, values, valueless });
  }
  return scopes;
}

function knownBase(name: string | null, options: CheckOptions): KnownBase | undefined {
  if (name === null) return undefined;
  return name === 'scratch' ? SCRATCH : options.baseImage?.(name);
}

class StageWalk {
  readonly values: Map<string, string>;
  readonly valueless: Set<string>;
  readonly #dockerfile: Dockerfile;
  readonly #globals: ReadonlyMap<string, string>;
  readonly #options: CheckOptions;

  constructor(
    dockerfile: Dockerfile,
    globals: ReadonlyMap<string, string>,
    options: CheckOptions,
    parent: StageScope | null,
    base: KnownBase | undefined,
  ) {
    this.#dockerfile = dockerfile;
    this.#globals = globals;
    this.#options = options;
    this.values = new Map(parent?.values ?? base?.env ?? SCRATCH.env);
    this.valueless = new Set(parent?.valueless);
  }

  visit(instruction: Instruction): ScopedInstruction {
    const expansions: Expansion[] = [];
    const unset = new Set<string>();
    for (const { text, literalQuotes } of expandedWords(instruction)) {
      const expansion = this.#expand(text, literalQuotes);
      if (expansion === null) continue;
      expansions.push(expansion);
      for (const name of expansion.unset) if (!this.valueless.has(name)) unset.add(name);
    }
    const declared = [...this.values.keys(), ...this.valueless];
    this.#declare(instruction);
    return { instruction, expansions, undeclared: [...unset], declared };
  }

  #declare(instruction: Instruction): void {
    const text = (word: string): string => this.#expand(word, false)?.text ?? word;
    if (instruction.keyword === 'ENV') {
      const pairs = instruction.pairs.map(({ key, value }) => [text(key), text(value)] as const);
      for (const [key, value] of pairs) this.values.set(key, value);
    }
    if (instruction.keyword !== 'ARG') return;
    for (const { name: word, value } of instruction.args) {
      const name = text(word);
      const given =
        this.#options.buildArgs?.get(name) ?? (value === null ? this.#globals.get(name) : text(value));
      if (given !== undefined) this.values.set(name, given);
      else if (!this.values.has(name)) this.valueless.add(name);
    }
  }

  #expand(word: string, literalQuotes: boolean): Expansion | null {
    const { escape: escapeCharacter } = this.#dockerfile.directives;
    return attempt(() =>
      expand(word, (name) => this.values.get(name), { escape: escapeCharacter, literalQuotes }),
    );
  }
}
