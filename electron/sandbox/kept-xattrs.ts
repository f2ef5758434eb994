/** The attribute that marks a folder of an overlay as hiding what is below it, by who may mount it. */
export const OPAQUE_XATTR = {
  root: 'trusted.overlay.opaque',
  rootless: 'user.overlay.opaque',
} as const;

/** The extended attributes that belong to an image: never those of the host's security or of an overlay. */
export function keptXattrs(xattrs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(xattrs).filter(([name]) => isKept(name));
  return Object.fromEntries(kept);
}

function isKept(name: string): boolean {
  if (name === 'security.capability') return true;
  return name.startsWith('user.') && !name.startsWith('user.overlay.');
}
