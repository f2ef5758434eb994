import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_CASES } from './cases/all-cases.ts';
import { StrataBuilder } from './strata-builder.ts';
import { writeContext } from './write-context.ts';

/*
 * Builds every case as the user who runs it and prints what came of it, as JSON lines: `print-images.ts BASE.TAR`.
 * The contexts are written by that user, too: who may not read a file cannot copy it.
 */
const folder = await mkdtemp(join(tmpdir(), 'strata-contexts-'));
const strata = await StrataBuilder.start(await readFile(process.argv[2] ?? ''));
try {
  for (const [number, one] of ALL_CASES.entries()) {
    const context = join(folder, String(number));
    await writeContext(context, one);
    const told = await strata.build(context, one).then(
      ({ tree, config }) => ({ tree: [...tree], config: [...config] }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    process.stdout.write(`${JSON.stringify({ name: one.name, ...told })}\n`);
  }
} finally {
  await strata.stop();
  await rm(folder, { recursive: true, force: true });
}
