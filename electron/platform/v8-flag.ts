import { setFlagsFromString } from 'node:v8';

/** Versions of V8 that are known to have the flags that are set here: others would complain about them. */
const KNOWN = { first: 11, last: 14 };

/** Sets a flag of V8, where its version is known. */
export function setV8Flag(flag: string, v8Version: string = process.versions.v8): void {
  const major = Number.parseInt(v8Version, 10);
  if (major >= KNOWN.first && major <= KNOWN.last) setFlagsFromString(flag);
}
