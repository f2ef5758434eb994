import type { LayerEntry } from '#electron/image/layer-index.ts';

/**
 * Whether an entry says again what was there. A file never does: its bytes are shipped once more. Times do not
 * count, since a directory's changes with every file made in it.
 */
export function sameMetadata(a: LayerEntry, b: LayerEntry): boolean {
  return a.type === b.type && a.type !== 'file' && sameAttributes(a, b);
}

/** Whether mode, owner, link, device and extended attributes are the same. */
export function sameAttributes(a: LayerEntry, b: LayerEntry): boolean {
  return (
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.linkTarget === b.linkTarget &&
    (a.devMajor ?? 0) === (b.devMajor ?? 0) &&
    (a.devMinor ?? 0) === (b.devMinor ?? 0) &&
    sameXattrs(a.xattrs, b.xattrs)
  );
}

function sameXattrs(a: LayerEntry['xattrs'] = {}, b: LayerEntry['xattrs'] = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
