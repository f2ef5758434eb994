import type { BuildOptions, CheckFinding } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import { checkBuild } from '../../build/build-checks.ts';
import type { Dockerfile } from '../../build/dockerfile/ast.ts';
import { directiveNotes } from '../../build/dockerfile/directive-notes.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { type DockerfileOrder, readBuildDockerfile } from '../../build/load-dockerfile.ts';
import { openContext } from '../build-context.ts';
import { BUILD_HELP, BUILD_OPTIONS, readBuildOptions } from '../build-options.ts';
import type { Command } from '../command.ts';
import { type Core, openCore } from '../core.ts';
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
  run: async (input, context) => {
    const { cwd, env, output } = context;
    const options = readBuildOptions(input, env, cwd);
    const core = await openCore(env);
    const opened = await openContext(input.positionals[0] ?? '.', options, core.store.paths, context);
    const { dockerfile, findings } = await findIn({ ...opened, options }, core).finally(opened.close);
    const { path } = dockerfile;
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

async function findIn(
  request: DockerfileOrder & { readonly options: BuildOptions },
  { services }: Core,
): Promise<{ readonly dockerfile: Dockerfile; readonly findings: readonly CheckFinding[] }> {
  const { path, text } = await readBuildDockerfile(request);
  const dockerfile = parseDockerfile(text, path);
  return { dockerfile, findings: await checkBuild(services.bases, { ...request, dockerfile }) };
}

function printFinding(output: Output, path: string, finding: CheckFinding): void {
  output.event({ type: 'finding', path, ...finding });
  const { severity, rule, detail, url, range } = finding;
  output.line(`${path}:${range.line}: ${severity}: ${detail} (${rule})\n  ${url}\n`);
}
