import { setFlagsFromString } from 'node:v8';

/** Versions of V8 that are known to have the flag: others would complain about it. */
const KNOWN = { first: 11, last: 14 };

/**
 * Lets V8 optimise only what runs for long. A command is over in about a second: until then optimised code does not
 * pay for its making, which takes a fifth of the processor time of a build and the core that compresses layers.
 */
export function tuneCompiler(v8Version: string = process.versions.v8): void {
  const major = Number.parseInt(v8Version, 10);
  if (major >= KNOWN.first && major <= KNOWN.last) setFlagsFromString('--interrupt-budget=1000000');
}
