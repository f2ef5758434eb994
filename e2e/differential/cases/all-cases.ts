import type { BuildCase } from '../build-case.ts';
import { ADD_CASES } from './add-cases.ts';
import { COPY_CASES } from './copy-cases.ts';
import { CORNER_CASES } from './corner-cases.ts';
import { FOUND_CASES } from './found-cases.ts';
import { MATCH_CASES } from './match-cases.ts';
import { OWNER_CASES } from './owner-cases.ts';
import { RUN_CASES } from './run-cases.ts';
import { SETTING_CASES } from './setting-cases.ts';
import { STAGE_CASES } from './stage-cases.ts';
import { SURPRISE_CASES } from './surprise-cases.ts';
import { SURPRISE_TEXTS } from './surprise-texts.ts';
import { VARIABLE_CASES } from './variable-cases.ts';

/** Every case; names are unique. */
export const ALL_CASES: readonly BuildCase[] = [
  ...COPY_CASES,
  ...OWNER_CASES,
  ...MATCH_CASES,
  ...ADD_CASES,
  ...RUN_CASES,
  ...SETTING_CASES,
  ...VARIABLE_CASES,
  ...STAGE_CASES,
  ...CORNER_CASES,
  ...SURPRISE_CASES,
  ...SURPRISE_TEXTS,
  ...FOUND_CASES,
];
