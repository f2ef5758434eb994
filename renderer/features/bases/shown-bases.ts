import { createContext, useContext } from 'react';
import type { BaseUse } from '#shared/contract/bases.ts';

const NONE: readonly BaseUse[] = [];

/** The images from elsewhere of the text that is shown; none around a text that is only history. */
export const ShownBases = createContext<readonly BaseUse[]>(NONE);

/** Those of the instruction that begins at a line. */
export function useBasesAt(line: number): readonly BaseUse[] {
  const uses = useContext(ShownBases);
  return uses.some((use) => use.line === line) ? uses.filter((use) => use.line === line) : NONE;
}
