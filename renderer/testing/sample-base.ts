import type { BaseUse } from '#shared/contract/bases.ts';

/** A base as a FROM in line 1 takes it, floating, with nothing known of its registry; `more` says what is otherwise. */
export function sampleBase(more: Partial<BaseUse> = {}): BaseUse {
  return {
    keyword: 'FROM',
    line: 1,
    endLine: 1,
    stage: '0',
    written: 'alpine',
    reference: 'alpine:latest',
    state: 'floating',
    localDigest: null,
    registryDigest: null,
    newer: null,
    pinnable: true,
    problem: null,
    ...more,
  };
}
