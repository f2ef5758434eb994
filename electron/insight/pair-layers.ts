import { alignLists } from './align-lists.ts';

/** What pairing needs of a layer or of a line of the history. */
export interface PairedItem {
  /** The instruction that made it. */
  readonly createdBy: string;
  /** Equal in both images: the same item. For a layer its diffID, for a line without a layer its words. */
  readonly identity: string;
}

/** Two items side by side, by position; null where that image has none. */
export interface ItemPair {
  readonly before: number | null;
  readonly after: number | null;
  readonly same: boolean;
}

/** The items of two images side by side, oldest first: the same ones meet, and between them those of like instructions. */
export function pairItems(before: readonly PairedItem[], after: readonly PairedItem[]): ItemPair[] {
  const numbered = (items: readonly PairedItem[]) => items.map((item, position) => ({ ...item, position }));
  return alignLists(numbered(before), numbered(after), {
    same: (a, b) => a.identity === b.identity,
    alike: (a, b) => keywordOf(a) === keywordOf(b),
  }).map(([a, b]) => ({
    before: a?.position ?? null,
    after: b?.position ?? null,
    same: a !== null && b !== null && a.identity === b.identity,
  }));
}

function keywordOf({ createdBy }: PairedItem): string {
  return createdBy.split(' ', 1)[0] ?? '';
}
