import { constants } from 'node:os';

const BY_NUMBER: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** The name of a signal of this machine (`SIGKILL` for 9), null for a number without one. */
export function signalName(number: number): string | null {
  return BY_NUMBER.get(number) ?? null;
}
