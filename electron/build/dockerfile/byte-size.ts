const SIZE = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+) ?([kmgtp]?)(i?b?)$/i;
const POWERS = ['', 'k', 'm', 'g', 'tp'];

/** Bytes of a memory size as the docker CLI reads it (`64m`, `1.5GiB`, `1024`; always powers of 1024), or null. */
export function parseByteSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const letter = (match[2] ?? '').toLowerCase();
  if (letter === '' && /^i/i.test(match[3] ?? '')) return null;
  const power =
    letter === 'p' ? 5 : POWERS.findIndex((letters) => letters !== '' && letters.startsWith(letter));
  return Math.floor(Number(match[1]) * 1024 ** (letter === '' ? 0 : power));
}
