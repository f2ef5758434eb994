import type { ReactNode } from 'react';

/** The mark of Strata: four layers, the own ones warm. */
export function Brand(): ReactNode {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden>
      <rect x="1" y="2" width="18" height="3.4" rx="1.4" fill="var(--layer-own-3)" />
      <rect x="1" y="6.6" width="18" height="2.6" rx="1.2" fill="var(--layer-own-2)" />
      <rect x="1" y="10.4" width="18" height="4" rx="1.4" fill="var(--layer-base-3)" />
      <rect x="1" y="15.6" width="18" height="3" rx="1.4" fill="var(--layer-base-1)" />
    </svg>
  );
}
