import { setFlagsFromString } from 'node:v8';

/** Versions of V8 that are known to have the flags that are set here: others would complain about them. */
const KNOWN = { first: 11, last: 14 };

/** Sets a flag of V8, where its version is known. */
export function setV8Flag(flag: string): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= KNOWN.first && major <= KNOWN.last) setFlagsFromString(flag);
}
