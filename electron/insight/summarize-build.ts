import type { BuildDetail, BuildSummary } from '#shared/contract/builds.ts';

/** The part of a record that lists show. */
export function summarizeBuild(record: BuildDetail): BuildSummary {
  const { dockerfile: _text, options: _options, stepList: _steps, error: _error, ...rest } = record;
  const { operationId: _operation, ...summary } = rest;
  return summary;
}
