import type { CheckFinding } from '#shared/contract/projects.ts';
import { globalArguments } from '../../plan/build-variables.ts';
import type { Dockerfile, Instruction } from '../ast.ts';
import { type CheckDirective, NO_CHECK_OPTIONS, parseCheckOptions } from '../directives.ts';
import { attempt } from './attempt.ts';
import type { CheckOptions } from './check-options.ts';
import { platformsOf } from './platform-scope.ts';
import { reachableScopes } from './reachable-scopes.ts';
import { type Rule, ruleUrl } from './rule.ts';
import { RULES } from './rules.ts';
import { stageScopes } from './stage-scopes.ts';

/**
 * Runs the build checks and returns their findings in file order. `# check=` at the top, the build argument
 * BUILDKIT_DOCKERFILE_CHECK and `# check=skip=` above an instruction are honoured; with `error=true` every finding is
 * an error. Throws `dockerfile-invalid` only for check options that cannot be read.
 */
export function checkDockerfile(dockerfile: Dockerfile, options: CheckOptions = {}): CheckFinding[] {
  const wanted = checkOptions(dockerfile, options);
  if (wanted.skipAll) return [];
  const globals = globalValues(dockerfile, options);
  const scopes = reachableScopes(stageScopes(dockerfile, globals, options), options.target);
  const subject = { dockerfile, options, scopes, globals };
  const findings: CheckFinding[] = [];
  for (const rule of RULES) {
    if (!isEnabled(rule, wanted)) continue;
    for (const { detail, instruction, range } of rule.check(subject)) {
      if (isSkippedAt(dockerfile, instruction, rule.name)) continue;
      findings.push({
        rule: rule.name,
        severity: wanted.error === true ? 'error' : 'warning',
        description: rule.description,
        detail,
        url: ruleUrl(rule.name),
        range: range ?? instruction.range,
      });
    }
  }
  return findings.sort((a, b) => a.range.line - b.range.line);
}

function checkOptions(dockerfile: Dockerfile, options: CheckOptions): CheckDirective {
  const given = options.buildArgs?.get('BUILDKIT_DOCKERFILE_CHECK');
  const { check } = dockerfile.directives;
  if (given === undefined) return check?.options ?? NO_CHECK_OPTIONS;
  const range = check?.range ?? { line: 1, column: 0, endLine: 1, endColumn: 0 };
  return parseCheckOptions(given, { path: dockerfile.path, range });
}

function globalValues(dockerfile: Dockerfile, options: CheckOptions): Map<string, string> {
  const platforms = platformsOf(options);
  return attempt(() => globalArguments(dockerfile, platforms, options.buildArgs ?? new Map())) ?? platforms;
}

function isEnabled(rule: Rule, wanted: CheckDirective): boolean {
  if (wanted.skip.includes(rule.name)) return false;
  return rule.isExperimental !== true || wanted.experimentalAll || wanted.experimental.includes(rule.name);
}

function isSkippedAt(dockerfile: Dockerfile, instruction: Instruction, rule: string): boolean {
  return instruction.comments.some(({ text, line }) => {
    const value = /^check\s*=\s*(.+)$/i.exec(text)?.[1];
    if (value === undefined) return false;
    const range = { line, column: 0, endLine: line, endColumn: 0 };
    // What cannot be read is prose that happens to begin like an option.
    const wanted = attempt(() => parseCheckOptions(value, { path: dockerfile.path, range }));
    return wanted !== null && (wanted.skipAll || wanted.skip.includes(rule));
  });
}
