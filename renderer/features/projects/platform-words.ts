/** The platforms of a text with commas, as they are written. */
function wordsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Whether a text of platforms names this one. */
export function hasPlatform(text: string, platform: string): boolean {
  return wordsOf(text).includes(platform);
}

/** The text with a platform added at its end, or taken out of it; the others stay as they are written. */
export function togglePlatform(text: string, platform: string): string {
  const words = wordsOf(text);
  return (words.includes(platform) ? words.filter((word) => word !== platform) : [...words, platform]).join(
    ', ',
  );
}
