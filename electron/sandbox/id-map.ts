/** `length` ids that are `inside` and following in the sandbox and `outside` and following on the host. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly length: number;
}

/** Which user and group ids exist inside the sandbox. */
export interface IdMap {
  readonly users: readonly IdRange[];
  readonly groups: readonly IdRange[];
}

/** Whether `id` exists inside. */
export function mapsId(ranges: readonly IdRange[], id: number): boolean {
  return ranges.some((range) => id >= range.inside && id < range.inside + range.length);
}

/** How many ids there are. */
export function countIds(ranges: readonly IdRange[]): number {
  return ranges.reduce((sum, range) => sum + range.length, 0);
}

/**
 * The ranges that /etc/subuid or /etc/subgid (subuid(5)) give to a user, by name or by number, as start and
 * length on the host.
 */
export function parseSubordinateIds(
  text: string,
  user: string,
  id: number,
): { start: number; length: number }[] {
  return text.split('\n').flatMap((line) => {
    const [owner, start, length, ...rest] = line.trim().split(':');
    if (owner !== user && owner !== String(id)) return [];
    if (rest.length > 0 || !/^\d+$/.test(start ?? '') || !/^[1-9]\d*$/.test(length ?? '')) return [];
    return [{ start: Number(start), length: Number(length) }];
  });
}

/** The map of a normal user: the user is root inside, the subordinate ids follow from 1 on. */
export function rootlessRanges(
  ownId: number,
  subordinate: readonly { readonly start: number; readonly length: number }[],
): IdRange[] {
  const ranges: IdRange[] = [{ inside: 0, outside: ownId, length: 1 }];
  let inside = 1;
  for (const { start, length } of subordinate) {
    ranges.push({ inside, outside: start, length });
    inside += length;
  }
  return ranges;
}

/** Reads /proc/PID/uid_map (user_namespaces(7)). */
export function parseProcessIdMap(text: string): IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [inside, outside, length] = line.trim().split(/\s+/).map(Number);
    if (inside === undefined || outside === undefined || length === undefined) return [];
    return [{ inside, outside, length }];
  });
}

/** The arguments of newuidmap and newgidmap after the process id. */
export function mapArguments(ranges: readonly IdRange[]): string[] {
  return ranges.flatMap(({ inside, outside, length }) => [String(inside), String(outside), String(length)]);
}
