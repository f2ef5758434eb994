import type { BuildCase } from '../build-case.ts';
import { FIRST } from './first.ts';

/** Every case; names are unique. */
export const ALL_CASES: readonly BuildCase[] = [...FIRST];
