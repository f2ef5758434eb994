export interface AlignRules<T> {
  /** The same item in both lists. */
  same(a: T, b: T): boolean;
  /** Items that may be one another's edited self. */
  alike(a: T, b: T): boolean;
}

export type AlignedPair<T> = readonly [before: T, after: T] | readonly [T, null] | readonly [null, T];

/**
 * Two lists side by side: the longest run of items that both have in the same order; between them, items that are
 * alike meet in order, and the rest stands alone. Quadratic: for lists of some hundred items.
 */
export function alignLists<T>(
  before: readonly T[],
  after: readonly T[],
  rules: AlignRules<T>,
): AlignedPair<T>[] {
  const lengths = commonLengths(before, after, rules);
  const pairs: AlignedPair<T>[] = [];
  let [i, j] = [0, 0];
  let [gapA, gapB]: [T[], T[]] = [[], []];
  const closeGap = () => {
    pairs.push(...pairGap(gapA, gapB, rules));
    [gapA, gapB] = [[], []];
  };
  while (i < before.length || j < after.length) {
    const [a, b] = [before[i], after[j]];
    if (a !== undefined && b !== undefined && rules.same(a, b)) {
      closeGap();
      pairs.push([a, b]);
      i += 1;
      j += 1;
    } else if (b === undefined || (a !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      if (a !== undefined) gapA.push(a);
      i += 1;
    } else {
      gapB.push(b);
      j += 1;
    }
  }
  closeGap();
  return pairs;
}

function at(lengths: readonly number[][], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

/** For each pair of positions, how many items the rests of both lists have in common in order. */
function commonLengths<T>(
  before: readonly T[],
  after: readonly T[],
  { same }: AlignRules<T>,
): readonly number[][] {
  const lengths = before.map(() => new Array<number>(after.length).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] ?? [];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const isSame = same(before[i] as T, after[j] as T);
      row[j] = isSame
        ? at(lengths, i + 1, j + 1) + 1
        : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function pairGap<T>(before: readonly T[], after: readonly T[], { alike }: AlignRules<T>): AlignedPair<T>[] {
  const pairs: AlignedPair<T>[] = [];
  let rest = [...after];
  for (const a of before) {
    const found = rest.findIndex((b) => alike(a, b));
    if (found < 0) {
      pairs.push([a, null]);
      continue;
    }
    for (const b of rest.slice(0, found)) pairs.push([null, b]);
    pairs.push([a, rest[found] as T]);
    rest = rest.slice(found + 1);
  }
  return [...pairs, ...rest.map((b): AlignedPair<T> => [null, b])];
}
