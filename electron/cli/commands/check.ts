import { resolve } from 'node:path';
import type { CheckFinding } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import { checkBuild } from '../../build/build-checks.ts';
import { directiveNotes } from '../../build/dockerfile/directive-notes.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { loadDockerfile } from '../../build/load-dockerfile.ts';
import { BUILD_HELP, BUILD_OPTIONS, readBuildOptions } from '../build-options.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import type { Output } from '../output.ts';

const OPTIONS = ['file', 'target', 'build-arg', 'platform'] as const;

/** `strata check`. */
export const check: Command = {
  usage: 'check [CONTEXT] [-f FILE] [--target S] [--build-arg K=V]... [--platform P]',
  summary:
    'Runs the build checks on a Dockerfile and builds nothing. Exit code 1: it cannot be read, or it has findings and asks by check=error=true that they count as errors.',
  help: BUILD_HELP.filter(([option]) => OPTIONS.some((name) => option.includes(`--${name}`))),
  options: Object.fromEntries(OPTIONS.map((name) => [name, BUILD_OPTIONS[name]])),
  arity: [0, 1],
  run: async (input, { cwd, env, output }) => {
    const contextPath = resolve(cwd, input.positionals[0] ?? '.');
    const options = readBuildOptions(input, env, cwd);
    const { path, text } = await loadDockerfile(contextPath, options.dockerfile);
    const dockerfile = parseDockerfile(text, path);
    const { services } = await openCore(env);
    const findings = await checkBuild(services.bases, { contextPath, dockerfile, options });
    for (const { line, text: note } of directiveNotes(dockerfile.directives))
      output.note(`${path}:${line}: ${note}`);
    for (const finding of findings) printFinding(output, path, finding);
    const failed = findings.some(({ severity }) => severity === 'error');
    output.event({ type: 'finished', ok: !failed, count: findings.length });
    output.line(
      findings.length === 0 ? 'No findings.' : `${formatCount(findings.length, 'finding')} in ${path}.`,
    );
    return failed ? 1 : 0;
  },
};

function printFinding(output: Output, path: string, finding: CheckFinding): void {
  output.event({ type: 'finding', path, ...finding });
  const { severity, rule, detail, url, range } = finding;
  output.line(`${path}:${range.line}: ${severity}: ${detail} (${rule})\n  ${url}\n`);
}
