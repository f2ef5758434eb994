import { LowerStore } from '../lower-store.ts';
import { makeLayer } from './make-layer.ts';

/** How many files `unpack-layer.ts` has to unpack. */
export const FILE_COUNT = 3000;

/** A layer of many small files, the same in every process. */
export function manyFilesLayer() {
  const files = Array.from({ length: FILE_COUNT }, (_, i) => ({ path: `dir/f${i}`, text: `content ${i}` }));
  return makeLayer([{ path: 'dir', type: 'directory' }, ...files]);
}

/** As a process of its own: unpacks that layer into the store given as argument and prints "begin" and where. */
const folder = process.argv[2];
if (process.argv[1] === import.meta.filename && folder !== undefined) {
  const layer = await manyFilesLayer();
  process.stdout.write('begin\n');
  const signal = new AbortController().signal;
  const [place = ''] = await new LowerStore(folder).ensure(layer, { signal });
  process.stdout.write(`${place}\n`);
}
