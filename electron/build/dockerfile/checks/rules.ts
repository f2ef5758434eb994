import { consistentInstructionCasing, fromAsCasing, stageNameCasing } from './casing-rules.ts';
import {
  fromPlatformFlagConstDisallowed,
  invalidBaseImagePlatform,
  invalidDefaultArgInFrom,
  redundantTargetPlatform,
  undefinedArgInFrom,
} from './from-rules.ts';
import {
  jsonArgsRecommended,
  maintainerDeprecated,
  multipleInstructionsDisallowed,
  noEmptyContinuation,
  workdirRelativePath,
} from './instruction-rules.ts';
import { copyIgnoredFile, exposeInvalidFormat, exposeProtoCasing } from './path-and-port-rules.ts';
import type { Rule } from './rule.ts';
import { duplicateStageName, invalidDefinitionDescription, reservedStageName } from './stage-rules.ts';
import { legacyKeyValueFormat, secretsUsedInArgOrEnv, undefinedVar } from './variable-rules.ts';

/** The build checks of the Dockerfile frontend 1.26. */
export const RULES: readonly Rule[] = [
  stageNameCasing,
  fromAsCasing,
  noEmptyContinuation,
  consistentInstructionCasing,
  duplicateStageName,
  reservedStageName,
  jsonArgsRecommended,
  maintainerDeprecated,
  undefinedArgInFrom,
  workdirRelativePath,
  undefinedVar,
  multipleInstructionsDisallowed,
  legacyKeyValueFormat,
  invalidBaseImagePlatform,
  redundantTargetPlatform,
  secretsUsedInArgOrEnv,
  invalidDefaultArgInFrom,
  fromPlatformFlagConstDisallowed,
  copyIgnoredFile,
  exposeProtoCasing,
  exposeInvalidFormat,
  invalidDefinitionDescription,
];
