import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';

const EVERYBODY_WRITES = 0o003;

/** The folder for temporary files where every user may make some: that of this process if it is one, else `/tmp`. */
export function openFolder(): string {
  const own = tmpdir();
  return (statSync(own).mode & EVERYBODY_WRITES) === EVERYBODY_WRITES ? own : '/tmp';
}
