/** Names of build options as people read them; others, such as "label a", are said as they are. */
const NAMES: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  noCache: 'without the cache',
  noCacheFilter: 'stages without the cache',
  pull: 'ask for newer bases',
  ssh: 'ssh agents',
  allow: 'extra rights',
  cacheFrom: 'shared cache: import from',
  cacheTo: 'shared cache: export to',
};

/** The name of a build option in words. */
export function optionName(name: string): string {
  return NAMES[name] ?? name;
}

/** The value of a build option in words: a list is told with commas, "yes" for what is on; text stays as it is. */
export function optionWords(name: string, value: string): string {
  // Arguments, labels and contexts are the user's own text, also where it looks like JSON.
  if (name.includes(' ') || !/^(?:\[|true$)/.test(value)) return value;
  try {
    return wordsOf(JSON.parse(value));
  } catch {
    return value;
  }
}

function wordsOf(value: unknown): string {
  if (value === true) return 'yes';
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key}=${String(part)}`)
    .join(' ');
}
