/** One line of a table that `mount -a -T` reads (fstab(5)). */
export interface MountLine {
  /** A device, a folder or file for a bind mount, or the name of the file system. */
  readonly source: string;
  readonly target: string;
  /** `none` for a bind mount. */
  readonly type: string;
  readonly options: readonly string[];
}

/** The text of the table; mounts are made in its order. Options must not hold commas. */
export function formatMountTable(lines: readonly MountLine[]): string {
  return lines
    .map(({ source, target, type, options }) =>
      [source, target, type, options.length === 0 ? 'defaults' : options.join(',')]
        .map(escapeField)
        .join(' '),
    )
    .map((line) => `${line} 0 0\n`)
    .join('');
}

function escapeField(text: string): string {
  return text.replace(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
