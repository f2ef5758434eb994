const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number of bytes for people: decimal units, one digit after the point below 100 ("388 B", "9.0 MB", "121 MB"). */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  const sign = bytes < 0 ? '− ' : '';
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.95 would be printed as "1000.0", so a unit ends where its rounded text would.
  while (unit < UNITS.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${sign}${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A difference of bytes with its sign: "+ 1.1 MB", "− 9.0 MB", "± 0 B". */
export function formatBytesDifference(bytes: number): string {
  if (bytes === 0) return '± 0 B';
  return bytes > 0 ? `+ ${formatBytes(bytes)}` : formatBytes(bytes);
}
