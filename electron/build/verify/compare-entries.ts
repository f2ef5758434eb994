import type { LayerEntry, LayerIndex } from '../../image/layer-index.ts';

/** In what an entry differs; `first` and `second`: only that build has it; `order`: where it stands in the tar. */
export type DifferenceKind =
  | 'first'
  | 'second'
  | 'type'
  | 'content'
  | 'mode'
  | 'owner'
  | 'time'
  | 'link'
  | 'attributes'
  | 'order';

/** One entry of a layer that two builds gave differently; `detail` has the values of both. */
export interface EntryDifference {
  readonly path: string;
  readonly kinds: readonly DifferenceKind[];
  readonly detail: string;
}

/** Every entry that two layers do not have in common byte for byte, by path; then the first that stands elsewhere. */
export function compareEntries(first: LayerIndex, second: LayerIndex): EntryDifference[] {
  const before = byKey(first);
  const after = byKey(second);
  const found: EntryDifference[] = [];
  for (const [key, entry] of before) {
    const other = after.get(key);
    if (other === undefined) found.push(missing(entry, 'first'));
    else found.push(...compareEntry(entry, other));
  }
  for (const [key, entry] of after) if (!before.has(key)) found.push(missing(entry, 'second'));
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...found, ...compareOrder([...before.keys()], [...after.keys()], before)];
}

/** A path may be there twice: as a folder, and as the mark that it hides what is below. */
function byKey({ entries }: LayerIndex): Map<string, LayerEntry> {
  const isMark = (entry: LayerEntry) => entry.type === 'opaque' || entry.type === 'whiteout';
  return new Map(Array.from(entries, (entry) => [`${isMark(entry) ? entry.type : ''}:${entry.path}`, entry]));
}

function missing({ path, type }: LayerEntry, kind: 'first' | 'second'): EntryDifference {
  const what = type === 'whiteout' ? 'Its removal' : 'It';
  return { path, kinds: [kind], detail: `${what} is in the ${kind} build only.` };
}

function compareEntry(a: LayerEntry, b: LayerEntry): EntryDifference[] {
  const found: [DifferenceKind, string][] = [];
  const note = (kind: DifferenceKind, title: string, was: string, is: string) => {
    if (was !== is) found.push([kind, `${title} ${was}, then ${is}`]);
  };
  note('type', 'type', a.type, b.type);
  if (a.contentHash !== b.contentHash || a.size !== b.size) found.push(['content', describeContent(a, b)]);
  note('mode', 'mode', a.mode.toString(8), b.mode.toString(8));
  note('owner', 'owner', `${a.uid}:${a.gid}`, `${b.uid}:${b.gid}`);
  note('time', 'time', formatTime(a.mtime), formatTime(b.mtime));
  note('link', 'link to', a.linkTarget ?? 'nothing', b.linkTarget ?? 'nothing');
  note('attributes', 'attributes', describeAttributes(a), describeAttributes(b));
  if (found.length === 0) return [];
  return [
    { path: a.path, kinds: found.map(([kind]) => kind), detail: found.map(([, text]) => text).join('; ') },
  ];
}

function describeContent(a: LayerEntry, b: LayerEntry): string {
  return a.size === b.size ? `other content of ${a.size} bytes` : `content ${a.size} bytes, then ${b.size}`;
}

function describeAttributes({ xattrs = {}, devMajor = 0, devMinor = 0 }: LayerEntry): string {
  const named = Object.keys(xattrs)
    .sort()
    .map((name) => `${name}=${Buffer.from(xattrs[name] ?? '', 'latin1').toString('hex')}`);
  const device = devMajor === 0 && devMinor === 0 ? [] : [`device ${devMajor}:${devMinor}`];
  return [...device, ...named].join(' ') || 'none';
}

function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
}

/** Entries that both have, in another order: the first one that stands elsewhere. */
function compareOrder(
  first: readonly string[],
  second: readonly string[],
  entries: ReadonlyMap<string, LayerEntry>,
): EntryDifference[] {
  const inSecond = new Set(second);
  const common = new Set(first.filter((key) => inSecond.has(key)));
  const order = second.filter((key) => common.has(key));
  const at = [...common].findIndex((key, i) => order[i] !== key);
  if (at < 0) return [];
  const path = entries.get([...common][at] ?? '')?.path ?? '';
  const detail = `the entries stand in another order from here on: the second build has /${entries.get(order[at] ?? '')?.path ?? ''} here`;
  return [{ path, kinds: ['order'], detail }];
}
