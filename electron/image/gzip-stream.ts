import { abortable } from './abortable.ts';
import { BlockPacker } from './block-packer.ts';
import type { ByteSink } from './gzip-members.ts';
import { GzipMembers, type GzipOptions, MEMBER_SIZE } from './gzip-members.ts';
import type { SeekPoint } from './layer-index.ts';

/**
 * Compresses a whole tar from `source` into `sink`, exactly as a layer writer would: the same tar gives the
 * same blob. Resolves with the seek points once everything is written. Throws `cancelled`.
 */
export async function gzipTar(
  source: AsyncIterable<Uint8Array>,
  sink: ByteSink,
  options: GzipOptions = {},
): Promise<readonly SeekPoint[]> {
  const members = new GzipMembers(sink, options);
  const packer = new BlockPacker(MEMBER_SIZE, (block) => members.writeBlock(block));
  for await (const chunk of abortable(source, options.signal)) await packer.add(chunk);
  await packer.flush();
  return members.finish();
}
