/** The parts of a keyboard event that a shortcut looks at. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

interface Chord {
  readonly key: string;
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** Whether a key press is the shortcut (`mod+k`, `alt+1`, `/`, `escape`). */
export function matchesShortcut(event: KeyPress, shortcut: string, isMac: boolean): boolean {
  const chord = parse(shortcut);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other || mod !== chord.mod || event.altKey !== chord.alt) return false;
  // A sign such as `/` or `?` may need Shift on one keyboard and not on another.
  const isSign = chord.key.length === 1 && !/[a-z0-9]/.test(chord.key);
  if (!isSign && event.shiftKey !== chord.shift) return false;
  return event.key.toLowerCase() === chord.key || event.code === codeOf(chord.key);
}

/** A shortcut as it is printed: `⌘K` on macOS, `Ctrl K` elsewhere. */
export function formatShortcut(shortcut: string, isMac: boolean): string {
  const { key, mod, alt, shift } = parse(shortcut);
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  if (isMac) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`;
  return [mod && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join(' ');
}

/** Whether the page runs on macOS, where Cmd takes the place of Ctrl. */
export function isMacPlatform(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

const NAMES: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  arrowleft: '←',
  arrowright: '→',
};

function parse(shortcut: string): Chord {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  return { key, mod: parts.includes('mod'), alt: parts.includes('alt'), shift: parts.includes('shift') };
}

/** The physical key, so that Alt and other layouts do not hide letters and digits. */
function codeOf(key: string): string | undefined {
  if (/^[0-9]$/.test(key)) return `Digit${key}`;
  return /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : undefined;
}
