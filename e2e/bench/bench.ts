import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { pushBaseImages } from '../fixtures/base-images.ts';
import { ROOT } from '../fixtures/paths.ts';
import { NO_REGISTRY } from '../fixtures/tools.ts';
import { type Contender, findContenders } from './contenders.ts';
import { editProject, makeProject, makeTrivialProject } from './make-project.ts';
import { formatReport, makeReport, note, type Times } from './report.ts';

/*
 * npm run bench -- [--rounds 5] [--files 4000] [--out out/bench.json]
 *
 * Whole processes, alternating, over a base image that each has already. What is compared is what is on the machine:
 * Strata's own program (built before), `docker build` with BuildKit, `buildah bud --layers`.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    files: { type: 'string', default: '4000' },
    out: { type: 'string', default: join(ROOT, 'out', 'bench.json') },
  },
});
const rounds = Number(values.rounds);
const files = Number(values.files);

/** One round of one contender: from nothing, again, and after an edit. */
async function runRound(
  contender: Contender,
  projects: Projects,
  round: number,
  times: Times,
): Promise<void> {
  const build = async (name: string, folder: string) => {
    const ms = await contender.build(folder);
    note(times, name, contender.name, ms);
    console.log(`${contender.name.padEnd(14)} ${name.padEnd(24)} ${(ms / 1000).toFixed(2)} s`);
  };
  await contender.reset();
  await build('cold', projects.large);
  await build('unchanged', projects.large);
  await editProject(projects.large, round);
  await build('one file changed', projects.large);
  await editProject(projects.large, 0);
  await contender.reset();
  await build('20 trivial RUN steps', projects.trivial);
}

interface Projects {
  readonly large: string;
  readonly trivial: string;
}

async function main(): Promise<void> {
  if (NO_REGISTRY !== null) throw new Error(`The bench ${NO_REGISTRY}.`);
  const folder = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const registry = await startRealRegistry();
  let contenders: Contender[] = [];
  try {
    await pushBaseImages(registry.host);
    const base = `${registry.host}/library/busybox:1.36`;
    const projects = { large: join(folder, 'large'), trivial: join(folder, 'trivial') };
    await makeProject(projects.large, base, files);
    await makeTrivialProject(projects.trivial, base);
    contenders = await findContenders(folder, base);
    const times: Times = new Map();
    for (let round = 1; round <= rounds; round += 1) {
      console.log(`\nround ${round} of ${rounds}`);
      for (const contender of contenders) await runRound(contender, projects, round, times);
    }
    const versions = Object.fromEntries(contenders.map(({ name, version }) => [name, version]));
    const report = makeReport(times, { versions, files, rounds });
    console.log(`\n${formatReport(report)}`);
    const out = resolve(values.out);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
    console.log(`\nWritten to ${out}`);
  } finally {
    for (const contender of contenders) await contender.remove();
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
