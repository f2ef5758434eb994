import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path/posix';
import { parseReference } from '#shared/oci/reference.ts';
import { exportImage } from '../../../build/solve/export-image.ts';
import { scratchState } from '../../../build/solve/from-state.ts';
import { LayerFiles } from '../../../build/solve/layer-files.ts';
import { chainOf, type StageState, withRuntime } from '../../../build/steps/stage-state.ts';
import type { LayerWriter } from '../../../image/layer-writer.ts';
import { hostPlatform } from '../../../platform/host-platform.ts';
import type { Store } from '../../../store/store.ts';
import { findMachineTools, type MachineFile } from './machine-tools.ts';
import { SAMPLE_BASE } from './sample-files.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nshop:x:1000:1000:shop:/site:/bin/sh\n';
const GROUP = 'root:x:0:\nshop:x:1000:\n';

/** The same machine gives the same image again: its files carry one time. */
const MTIME = 1_700_000_000;

/**
 * Puts an image of this machine's own shell and core tools into the store, named as the sample's FROM says. False where
 * that cannot be: not on Linux, or without a shell.
 */
export async function makeSampleBase(store: Store, signal: AbortSignal): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const tools = await findMachineTools();
  if (tools === null) return false;
  const lease = await store.lease();
  try {
    const files = new LayerFiles(store, signal);
    const layer = await files.write((writer) => writeBase(writer, tools));
    const layers = layer === null ? [] : [layer];
    const begun = withRuntime(scratchState(hostPlatform()), { cmd: ['/bin/sh'] });
    const state: StageState = {
      ...begun,
      layers,
      chain: chainOf(layers),
      builtAt: MTIME * 1000,
      history: [
        {
          created: new Date(MTIME * 1000).toISOString(),
          createdBy: 'The shell and core tools of this machine',
          comment: 'strata sample',
        },
      ],
    };
    const record = await exportImage(store, state, MTIME);
    await store.setName(parseReference(SAMPLE_BASE), { digest: record.digest }, 'build');
    return true;
  } finally {
    await lease.release();
  }
}

async function writeBase(writer: LayerWriter, tools: readonly MachineFile[]): Promise<void> {
  const folders = new Map<string, number>([
    ['etc', 0o755],
    ['root', 0o700],
    ['tmp', 0o1777],
  ]);
  for (const { target } of tools)
    for (let at = dirname(target); at !== '.'; at = dirname(at)) folders.set(at, 0o755);
  const common = { uid: 0, gid: 0, mtime: MTIME };
  for (const path of [...folders.keys()].sort()) {
    await writer.add({ ...common, path, type: 'directory', mode: folders.get(path) ?? 0o755, size: 0 });
  }
  for (const [path, text] of [
    ['etc/group', GROUP],
    ['etc/passwd', PASSWD],
  ] as const) {
    await writer.add({ ...common, path, type: 'file', mode: 0o644, size: text.length }, Buffer.from(text));
  }
  for (const { source, target } of tools) {
    const [bytes, { mode }] = await Promise.all([readFile(source), stat(source)]);
    await writer.add(
      { ...common, path: target, type: 'file', mode: mode & 0o755, size: bytes.length },
      bytes,
    );
  }
}
