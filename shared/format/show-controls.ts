/** Control characters but for tab and new line, and what turns the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of others for a terminal: what would move its cursor, name its window or turn its text stands there as `\x1b`.
 * Tabs and new lines stay what they are.
 */
export function showControls(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** A name that is to stay on its line: tabs and new lines stand there as `\x09` and `\x0a`, too. */
export function showName(name: string): string {
  return showControls(name).replace(/[\t\n]/g, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
