import { mkdir } from 'node:fs/promises';
import { gatherChunks } from './gather-chunks.ts';
import { type FolderAttributes, lowerTar } from './lower-tar.ts';
import { requireSandbox } from './probe.ts';
import type { SandboxHost } from './sandbox-host.ts';
import { runTool } from './tool-process.ts';

/**
 * Unpacks the tar of a layer into the new folder `target` in overlay form. GNU tar writes the files, inside the
 * user namespace for a normal user; it gets only entries that `lowerTar` has checked. On an error `target` is
 * left half done. Throws as `lowerTar`, and `disk-full`, `cancelled`, `sandbox-unavailable`.
 */
export async function unpackLayer(
  layer: AsyncIterable<Uint8Array>,
  target: string,
  options: { readonly signal: AbortSignal; readonly attributesOf: (folder: string) => FolderAttributes },
): Promise<void> {
  const host = await requireSandbox();
  await mkdir(target, { mode: 0o755 });
  const tar = lowerTar(layer, { ...options, mode: host.mode, ids: host.ids });
  await extractTar(host, gatherChunks(tar), target, options.signal);
}

/**
 * Lets GNU tar unpack into the existing folder `target`. What it gets must be in overlay form and lead nowhere out.
 * Throws `disk-full`, `cancelled`, `sandbox-unavailable`.
 */
export async function extractTar(
  host: SandboxHost,
  tar: AsyncIterable<Uint8Array>,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  await runTool(host, {
    purpose: 'A layer could not be unpacked',
    argv: [
      ...[
        host.tools.tar,
        '--extract',
        '--file=-',
        '--numeric-owner',
        '--same-owner',
        '--preserve-permissions',
      ],
      ...['--xattrs', '--xattrs-include=*', '--delay-directory-restore', '--warning=no-timestamp'],
    ],
    cwd: target,
    stdin: tar,
    // Without its mark an opaque folder would show what it hides.
    fatal: /overlay\.opaque/,
    signal,
  });
}
