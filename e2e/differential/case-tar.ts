import {
  encodeEntryHeader,
  TAR_END,
  type TarEntryFields,
  tarPadding,
} from '#electron/image/tar/encode-entry.ts';
import { mendChecksums } from '#electron/image/tar/testing/tars.ts';

/** A tar of entries; what is not given is plain. Names stand in it exactly as they are written here. */
export function caseTar(
  ...entries: readonly (Partial<TarEntryFields> & { path: string; text?: string })[]
): Buffer {
  const parts = entries.flatMap(({ text = '', path, ...fields }) => {
    const body = Buffer.from(text);
    const common = {
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 1_500_000_000,
      size: body.length,
    } as const;
    const header = Buffer.from(encodeEntryHeader({ ...common, ...fields, path: 'x' }));
    header.fill(0, 0, 100).write(path, 'utf8');
    return [mendChecksums(header), body, Buffer.alloc(tarPadding(body.length))];
  });
  return Buffer.concat([...parts, TAR_END]);
}
