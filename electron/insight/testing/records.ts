import type { BuildDetail, BuildStep } from '#shared/contract/builds.ts';

/** A step that was built, with all that does not matter filled in. */
export function step(instruction: string, fields: Partial<BuildStep> = {}): BuildStep {
  return {
    index: 0,
    stage: '0',
    line: 1,
    endLine: 1,
    instruction,
    status: 'miss',
    ms: 100,
    size: 0,
    reasons: [],
    ...fields,
  };
}

/** The record of a build that is done. */
export function record(fields: Partial<BuildDetail> = {}): BuildDetail {
  const { stepList = [] } = fields;
  return {
    id: 'one',
    projectId: null,
    name: 'app',
    contextPath: '/app',
    engine: 'builtin',
    tags: [],
    state: 'done',
    startedAt: 1_700_000_000_000,
    ms: 1000,
    steps: stepList.length,
    hits: stepList.filter(({ status }) => status === 'hit').length,
    savedMs: 0,
    digest: null,
    imageId: null,
    dockerfile: '',
    options: { tags: [], buildArgs: {}, noCache: false, engine: 'builtin' },
    error: null,
    operationId: null,
    ...fields,
    stepList,
  };
}
