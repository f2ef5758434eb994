/** The newest Docker API this client was written for. */
export const NEWEST_API = '1.51';

/** Compares two API versions such as `1.9` and `1.41` by number; negative when `a` is older. */
export function compareApiVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/**
 * The version both sides speak: the older of the two newest. Null when the engine no longer speaks one that
 * this client knows.
 */
export function negotiateApiVersion(engine: {
  readonly apiVersion: string;
  readonly minApiVersion: string | null;
}): string | null {
  if (engine.minApiVersion !== null && compareApiVersions(engine.minApiVersion, NEWEST_API) > 0) return null;
  return compareApiVersions(engine.apiVersion, NEWEST_API) < 0 ? engine.apiVersion : NEWEST_API;
}
