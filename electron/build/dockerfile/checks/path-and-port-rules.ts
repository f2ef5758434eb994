import { pathInRoot } from '../../context/clean-path.ts';
import type { AddInstruction, CopyInstruction } from '../ast.ts';
import type { CheckSubject, Report, Rule } from './rule.ts';
import type { ScopedInstruction } from './stage-scopes.ts';

/** COPY of what the ignore file takes out of the context. */
export const copyIgnoredFile: Rule = {
  name: 'CopyIgnoredFile',
  description: 'COPY and ADD cannot find what the ignore file leaves out of the context.',
  *check({ scopes, options }: CheckSubject): Iterable<Report> {
    const { ignore } = options;
    // With "!" a folder may be left out and still have something in it to copy.
    if (ignore === undefined || ignore.hasNegation) return;
    for (const { instructions } of scopes) {
      for (const scoped of instructions) {
        const { instruction } = scoped;
        if (!readsContext(instruction)) continue;
        for (const source of sourcesOf(instruction, scoped)) {
          const path = pathInRoot(source) || '.';
          if (isRemote(source) || !ignore.ignores(path)) continue;
          yield {
            instruction,
            detail: `${instruction.keyword} wants "${source}", which the ignore file leaves out.`,
          };
        }
      }
    }
  },
};

/** `80/tcp`, not `80/TCP`. */
export const exposeProtoCasing: Rule = {
  name: 'ExposeProtoCasing',
  description: 'The protocol in EXPOSE should be in lower case.',
  *check({ scopes }: CheckSubject): Iterable<Report> {
    for (const { instruction, port } of exposedPorts(scopes.flatMap(({ instructions }) => instructions))) {
      const protocol = port.split('/', 2)[1] ?? '';
      if (protocol === protocol.toLowerCase()) continue;
      yield { instruction, detail: `Write "${port.toLowerCase()}" instead of "${port}".` };
    }
  },
};

/** A port alone, not a mapping. */
export const exposeInvalidFormat: Rule = {
  name: 'ExposeInvalidFormat',
  description: 'EXPOSE names ports of the container only; addresses and ports of the host belong to the run.',
  *check({ scopes }: CheckSubject): Iterable<Report> {
    for (const { instruction, port } of exposedPorts(scopes.flatMap(({ instructions }) => instructions))) {
      if (!port.includes(':')) continue;
      yield { instruction, detail: `"${port}" has an address or a port of the host in it.` };
    }
  },
};

function readsContext(
  instruction: ScopedInstruction['instruction'],
): instruction is CopyInstruction | AddInstruction {
  return (
    instruction.keyword === 'ADD' || (instruction.keyword === 'COPY' && instruction.flags.from === undefined)
  );
}

/** The sources stand first among the expanded words; when one could not be expanded they are not told apart. */
function sourcesOf(
  { sources }: CopyInstruction | AddInstruction,
  { expansions }: ScopedInstruction,
): string[] {
  const texts = expansions.slice(0, sources.length).map(({ text }) => text);
  return expansions.length > sources.length ? texts : [];
}

function isRemote(source: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|git@)/i.test(source);
}

function* exposedPorts(
  instructions: readonly ScopedInstruction[],
): Iterable<{ instruction: ScopedInstruction['instruction']; port: string }> {
  for (const { instruction, expansions } of instructions) {
    if (instruction.keyword !== 'EXPOSE') continue;
    for (const { words } of expansions) for (const port of words) yield { instruction, port };
  }
}
