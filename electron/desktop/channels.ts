/** Main to preload, and preload to page: one end of the MessagePort that carries the contract. */
export const PORT_CHANNEL = 'strata:port';

/** Preload to main: the paths of what was dropped on the window. The page never sees them. */
export const DROP_CHANNEL = 'strata:dropped';
