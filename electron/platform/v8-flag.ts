import { setFlagsFromString } from 'node:v8';

/** The major versions of V8 that were seen to know a flag, first and last: others complain about it. */
export const V8_FLAGS = {
  'heap-growing-percent': { first: 11, last: 14 },
  'interrupt-budget': { first: 11, last: 11 },
  'wasm-tiering-budget': { first: 11, last: 14 },
} as const;

/** Sets a flag of V8, where its version is known to have it. */
export function setV8Flag(name: keyof typeof V8_FLAGS, value: number): void {
  const major = Number.parseInt(process.versions.v8, 10);
  const { first, last } = V8_FLAGS[name];
  if (major >= first && major <= last) setFlagsFromString(`--${name}=${value}`);
}
