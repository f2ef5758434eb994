/** What stands where a user and a password stood. */
const HIDDEN = '***';

/** Up to the last @ of what stands between `//` and the path, for a text that is an address and nothing else. */
const WHOLE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]*)@/i;
/** The same within other text, where a quote ends an address. */
const WITHIN = /\b([a-z][a-z0-9+.-]*):\/\/([^/?#\s"'`<>]*)@/gi;

/**
 * A text without the users and passwords of the addresses in it: `https://***@example.com/x.git`. A user alone may be
 * a token, so it goes too, but for ssh, where it is none. What is fetched is never asked for by such a text.
 */
export function hideCredentials(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(WHOLE, hidden).replace(WITHIN, hidden);
}

function hidden(all: string, scheme: string, user: string): string {
  const isPlainUser = /^(?:git\+)?ssh$/i.test(scheme) && !user.includes(':');
  return isPlainUser ? all : `${scheme}://${HIDDEN}@`;
}

/** The same for all texts in a value that is made of objects, lists and texts; what holds none stays the same object. */
export function hideCredentialsIn<T>(value: T): T {
  return hideIn(value) as T;
}

function hideIn(value: unknown): unknown {
  if (typeof value === 'string') return hideCredentials(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = value.map(hideIn);
    return list.some((one, at) => one !== value[at]) ? list : value;
  }
  const entries = Object.entries(value);
  const shown = entries.map(([name, one]) => [name, hideIn(one)] as const);
  return shown.some(([, one], at) => one !== entries[at]?.[1]) ? Object.fromEntries(shown) : value;
}

/** Whether an address in a text lost its user and password to {@link hideCredentials}. */
export function lacksCredentials(text: string): boolean {
  return /\b[a-z][a-z0-9+.-]*:\/\/\*\*\*@/i.test(text);
}
