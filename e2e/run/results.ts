import { existsSync, readFileSync } from 'node:fs';

/** What came of a series of tests. */
export interface Results {
  readonly passed: number;
  /** Names, with where they stand. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Those that passed only when they were tried again: counted as passed, and told by name. */
  readonly unsteady: readonly string[];
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Reads vitest's JSON report; a file that could not even be loaded counts as one failure. */
export function readVitest(path: string): Results {
  if (!existsSync(path))
    return { passed: 0, failed: ['the unit tests made no report'], skipped: [], unsteady: [] };
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
  const all = testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({
      name: `${file.name}: ${test.fullName.trim()}`,
      status: test.status,
    })),
  );
  const broken = testResults
    .filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    .map((file) => `${file.name} could not be loaded`);
  const named = (...statuses: string[]) =>
    all.filter((test) => statuses.includes(test.status)).map((test) => test.name);
  return {
    passed: named('passed').length,
    failed: [...named('failed'), ...broken],
    skipped: named('skipped', 'pending', 'todo', 'disabled'),
    unsteady: [],
  };
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string }[];
  }[];
}

/** Reads Playwright's JSON report. */
export function readPlaywright(path: string): Results {
  if (!existsSync(path))
    return { passed: 0, failed: ['the end-to-end tests made no report'], skipped: [], unsteady: [] };
  const report = JSON.parse(readFileSync(path, 'utf8')) as {
    suites: PlaywrightSuite[];
    errors?: { message?: string }[];
  };
  const all = report.suites.flatMap((suite) => testsOf(suite, ''));
  const named = (...statuses: string[]) =>
    all.filter((test) => statuses.includes(test.status)).map((test) => test.name);
  const errors = (report.errors ?? []).map((error) => error.message ?? 'an error outside of tests');
  return {
    passed: named('expected', 'flaky').length,
    failed: [...named('unexpected'), ...errors],
    skipped: named('skipped'),
    unsteady: named('flaky'),
  };
}

function testsOf(suite: PlaywrightSuite, above: string): { name: string; status: string }[] {
  const title = [above, suite.title].filter(Boolean).join(' › ');
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ name: `${title} › ${spec.title}`, status: test.status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, title))];
}

/** Both together. */
export function addResults(a: Results, b: Results): Results {
  return {
    passed: a.passed + b.passed,
    failed: [...a.failed, ...b.failed],
    skipped: [...a.skipped, ...b.skipped],
    unsteady: [...a.unsteady, ...b.unsteady],
  };
}
