import { type BuildCase, overBase } from '../build-case.ts';

/** A few to begin with. */
export const FIRST: readonly BuildCase[] = [
  { name: 'from alone', dockerfile: overBase() },
  { name: 'copy file', dockerfile: overBase('COPY a.txt /x/y/'), files: { 'a.txt': 'A' } },
  { name: 'run', dockerfile: overBase('RUN echo hi > /hi') },
];
