import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '#electron/engine/testing/processes.ts';
import { startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { pushBaseImages } from '../fixtures/base-images.ts';
import { ROOT } from '../fixtures/paths.ts';
import { has, NO_REGISTRY } from '../fixtures/tools.ts';
import { measureBuilds } from './builds.ts';
import { type Contender, findContenders } from './contenders.ts';
import { drawGrowth } from './draw-growth.ts';
import { formatReport } from './format-report.ts';
import { measureContexts } from './growth-contexts.ts';
import { measureLayers } from './growth-layers.ts';
import { measureStores } from './growth-stores.ts';
import { measureInApp } from './in-app.ts';
import { measurePushOfChange } from './push-changed.ts';
import { putIntoReadme } from './readme.ts';
import { makeReport } from './report.ts';
import { Runs } from './runs.ts';
import type { Section } from './section.ts';
import { measureStalls } from './stall.ts';
import { measureThroughput } from './throughput.ts';

/*
 * npm run bench -- [--only builds,app,push,files,layers,images,stall,transfer] [--rounds 5] [--files 4000] [--quick]
 *                  [--out out/bench.json] [--readme]
 *
 * Whole processes in turns, over a base image that each has already, the disk at rest before each run. What is
 * compared is what is on the machine: Strata's own program (built before), Docker with BuildKit, buildah, skopeo.
 * --readme puts table and picture into the README.
 */

const SECTIONS: Readonly<Record<string, Section>> = {
  builds: measureBuilds,
  app: measureInApp,
  push: measurePushOfChange,
  files: measureContexts,
  layers: measureLayers,
  images: measureStores,
  stall: measureStalls,
  transfer: measureThroughput,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
    rounds: { type: 'string' },
    files: { type: 'string' },
    quick: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    out: { type: 'string', default: join(ROOT, 'out', 'bench.json') },
  },
});

async function main(): Promise<void> {
  if (NO_REGISTRY !== null) throw new Error(`The bench ${NO_REGISTRY}.`);
  const sections = values.only.split(',').map((name) => {
    const section = SECTIONS[name];
    if (section === undefined)
      throw new Error(`There is no "${name}", only ${Object.keys(SECTIONS).join(', ')}.`);
    return section;
  });
  const isQuick = values.quick;
  const rounds = Number(values.rounds ?? (isQuick ? 1 : 5));
  const files = Number(values.files ?? (isQuick ? 500 : 4000));
  const folder = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const registry = await startRealRegistry();
  const runs = new Runs();
  let contenders: Contender[] = [];
  try {
    await pushBaseImages(registry.host);
    const base = `${registry.host}/library/busybox:1.36`;
    contenders = await findContenders(folder, base);
    const bench = { folder, registry: registry.host, base, rounds, files, isQuick, runs, contenders };
    for (const section of sections) await section(bench);
  } finally {
    for (const contender of contenders) await contender.remove();
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  }
  const versions = Object.fromEntries(contenders.map(({ name, version }) => [name, version]));
  if (has('skopeo')) versions.skopeo = /\d+\.\d+\.\d+/.exec(await run('skopeo', ['--version']))?.[0] ?? '';
  const report = makeReport(runs.all, { versions, files, rounds });
  const text = formatReport(report);
  console.log(`\n${text}`);
  const out = resolve(values.out);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\nWritten to ${out}`);
  if (!values.readme) return;
  const picture = 'assets/bench/growth.svg';
  await mkdir(dirname(join(ROOT, picture)), { recursive: true });
  await writeFile(join(ROOT, picture), drawGrowth(report));
  await putIntoReadme(join(ROOT, 'README.md'), `${text}\n\n![Time and memory as things grow](${picture})`);
}

await main();
