import type { Diagnostic } from '#shared/contract/settings.ts';

/** What a host knows of the builds that terminals want it to do. */
export interface TerminalBuilds {
  /** Whether terminals find it. */
  isMet: boolean;
  /** Why it last left a build to its terminal, in names alone; null where it never did. */
  lastRefusal: string | null;
}

const BASE = { id: 'handover', title: 'Builds of terminals', mend: null, command: null } as const;
const ALIKE =
  'Nothing breaks: such builds are done by the terminal. To have them here, start Strata from a terminal like that one.';

/** What a host finds of itself. */
export function describeTerminalBuilds({ isMet, lastRefusal }: TerminalBuilds): Diagnostic {
  if (!isMet)
    return {
      ...BASE,
      state: 'warning',
      finding: 'Terminals cannot find this app, so they build by themselves.',
    };
  if (lastRefusal === null)
    return {
      ...BASE,
      state: 'ok',
      finding: 'This app does the builds of terminals on the same data folder.',
    };
  const finding = `This app does the builds of terminals, but left the last one that differed to its terminal: ${lastRefusal}.`;
  return { ...BASE, state: 'ok', finding, mend: ALIKE };
}

/** What a terminal finds: whether an app takes its builds over. */
export function describeHandover(
  answer:
    | { readonly kind: 'nobody' | 'standalone' | 'takes' }
    | { readonly kind: 'declines'; readonly why: string },
): Diagnostic {
  const base = { ...BASE, title: 'Builds of this terminal' };
  switch (answer.kind) {
    case 'takes':
      return { ...base, state: 'ok', finding: 'A Strata app runs and takes them over, which is faster.' };
    case 'nobody':
      return {
        ...base,
        state: 'ok',
        finding: 'No Strata app runs on this data folder: this terminal does them.',
      };
    case 'standalone':
      return { ...base, state: 'ok', finding: 'STRATA_STANDALONE is set: this terminal does them.' };
    case 'declines':
      return {
        ...base,
        state: 'warning',
        finding: `A Strata app runs and would not take them over: ${answer.why}.`,
        mend: 'Nothing breaks: this terminal does them. To have them taken over, start the app from a terminal like this one, or set the same here.',
      };
  }
}
