import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './contenders.ts';
import { alternate } from './runs.ts';
import type { Bench } from './section.ts';

const FILES = 50;

/** Build and push of an image whose application layer of 100 MB changed; the rest is at the registry. */
export async function measurePushOfChange(bench: Bench): Promise<void> {
  const project = join(bench.folder, 'push');
  const bytes = bench.isQuick ? 10_000_000 : 100_000_000;
  await makeApplication(project, bench.base, bytes);
  const begun = new Set<string>();
  await alternate(bench.contenders, Math.min(3, bench.rounds), async (contender) => {
    const { name, daemons } = contender;
    // A repository each: what one pushed must not spare another the upload.
    const image = `${bench.registry}/bench/${name}:latest`;
    if (!begun.has(name)) {
      await contender.reset();
      await runCommand(contender.build(project, image));
      await runCommand(contender.push(image));
      begun.add(name);
    }
    await changeApplication(project, bytes);
    const about = { section: 'push', contender: name };
    const built = await bench.runs.measure(
      { ...about, name: `build of ${bytes / 1e6} MB` },
      contender.build(project, image),
      daemons,
    );
    const pushed = await bench.runs.measure(
      { ...about, name: `push of ${bytes / 1e6} MB` },
      contender.push(image),
      daemons,
    );
    bench.runs.note({
      ...about,
      name: `build and push of ${bytes / 1e6} MB`,
      measured: {
        ms: built.ms + pushed.ms,
        cpuMs: built.cpuMs + pushed.cpuMs,
        peakBytes: Math.max(built.peakBytes, pushed.peakBytes),
      },
    });
  });
}

async function makeApplication(folder: string, base: string, bytes: number): Promise<void> {
  await mkdir(join(folder, 'app'), { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nWORKDIR /app\nCOPY app ./\nCMD ["./main"]\n`);
  await changeApplication(folder, bytes);
}

/** Programs and assets compress to about half of their size: text beside bytes that do not compress. */
async function changeApplication(folder: string, bytes: number): Promise<void> {
  const size = bytes / FILES;
  for (let at = 0; at < FILES; at += 1) {
    const text = randomBytes(size / 8)
      .toString('hex')
      .repeat(2);
    const file = Buffer.concat([Buffer.from(text.slice(0, size / 2)), randomBytes(size / 2)]);
    await writeFile(join(folder, 'app', `part-${at}`), file);
  }
}
