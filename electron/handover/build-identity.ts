/** Digest of the sources that the bundler was given; absent where they run without it. */
declare const STRATA_SOURCES: string;

/** Tells programs of one build of Strata from those of any other: only they hand work to each other. */
export const BUILD_IDENTITY = typeof STRATA_SOURCES === 'string' ? STRATA_SOURCES : 'unbundled';
