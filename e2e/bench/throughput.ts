import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RealRegistry, startRealRegistry } from '#electron/registry/testing/real-registry.ts';
import { has } from '../fixtures/tools.ts';
import { runCommand, strataBox, strataCommand } from './contenders.ts';
import type { Command } from './measure.ts';
import { alternate } from './runs.ts';
import type { Bench } from './section.ts';

const LAYERS = 10;
const NAME = 'bench/large:1';

/** Someone who moves images from and to registries. */
interface Mover {
  readonly name: string;
  readonly daemons: readonly number[];
  push(reference: string): Command;
  pull(reference: string): Command;
  /** Forgets what a pull brought. */
  forget(reference: string): Promise<void>;
}

/** Pull and push of a large image from and to a docker-registry on loopback; each push goes to an empty one. */
export async function measureThroughput(bench: Bench): Promise<void> {
  const layerBytes = bench.isQuick ? 1_000_000 : 100_000_000;
  let registry = await startRealRegistry();
  const layout = strataBox(bench.folder, 'large');
  try {
    const reference = `${registry.host}/${NAME}`;
    await makeLargeImage(bench.folder, layout, reference, layerBytes);
    await runCommand(strataCommand(layout, 'push', reference));
    const what = `${(LAYERS * layerBytes) / 1e6} MB in ${LAYERS} layers`;
    const movers = findMovers(bench, layout);
    const rounds = Math.min(3, bench.rounds);
    await alternate(movers, rounds, async (mover) => {
      await mover.forget(reference);
      const about = { section: 'transfer', name: `pull of ${what}`, contender: mover.name };
      await bench.runs.measure(about, mover.pull(reference), mover.daemons);
    });
    await alternate(movers, rounds, async (mover) => {
      // On the port of the source, so that every mover finds the image under the name that it knows.
      registry = await emptied(registry);
      const about = { section: 'transfer', name: `push of ${what}`, contender: mover.name };
      await bench.runs.measure(about, mover.push(reference), mover.daemons);
    });
    for (const mover of movers) await mover.forget(reference);
  } finally {
    await registry.close();
    await rm(layout.env.STRATA_HOME ?? '', { recursive: true, force: true });
  }
}

/** The same registry with nothing in it. */
async function emptied(registry: RealRegistry): Promise<RealRegistry> {
  await registry.kill();
  await rm(join(registry.folder, 'data'), { recursive: true, force: true });
  return startRealRegistry({ again: registry });
}

/** Layers of random bytes, which no compression helps, built into a data folder, which is an OCI layout. */
async function makeLargeImage(
  folder: string,
  layout: ReturnType<typeof strataBox>,
  reference: string,
  layerBytes: number,
): Promise<void> {
  const context = join(folder, 'large-context');
  await mkdir(context, { recursive: true });
  const copies = Array.from({ length: LAYERS }, (_, at) => `COPY file-${at} /\n`);
  await writeFile(join(context, 'Dockerfile'), `FROM scratch\n${copies.join('')}CMD ["/none"]\n`);
  for (let at = 0; at < LAYERS; at += 1) {
    const file = await open(join(context, `file-${at}`), 'w');
    for (let done = 0; done < layerBytes; done += 1_000_000) await file.write(randomBytes(1_000_000));
    await file.close();
  }
  await runCommand(strataCommand(layout, 'build', context, '-t', reference));
  await rm(context, { recursive: true, force: true });
}

/** Strata, skopeo and Docker, as far as they are here; each pushes what it has, Strata and skopeo from `layout`. */
function findMovers(bench: Bench, layout: ReturnType<typeof strataBox>): Mover[] {
  const movers: Mover[] = [];
  for (const contender of bench.contenders) {
    if (contender.name === 'strata')
      movers.push({ ...contender, push: (reference) => strataCommand(layout, 'push', reference) });
    if (contender.name === 'docker') movers.push(contender);
  }
  if (has('skopeo')) movers.push(skopeo(bench.folder, layout.env.STRATA_HOME ?? ''));
  return movers;
}

function skopeo(folder: string, layout: string): Mover {
  const pulled = join(folder, 'skopeo');
  const copy = (...args: string[]): Command => ({
    program: 'skopeo',
    args: ['copy', '--quiet', ...args],
    env: process.env,
  });
  return {
    name: 'skopeo',
    daemons: [],
    push: (reference) =>
      copy('--dest-tls-verify=false', `oci:${layout}:${reference}`, `docker://${reference}`),
    pull: (reference) => copy('--src-tls-verify=false', `docker://${reference}`, `oci:${pulled}:bench`),
    forget: () => rm(pulled, { recursive: true, force: true }),
  };
}
