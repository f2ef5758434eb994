import type { ReactNode } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { RateLimit } from '#shared/contract/registries.ts';
import { formatNumber } from '#shared/format/count.ts';

/** How many pulls are left; nothing where the registry does not tell. */
export function RateLimitNote({ limit }: { readonly limit: RateLimit | null }): ReactNode {
  if (limit === null) return null;
  const isLow = limit.remaining <= limit.limit / 10;
  return (
    <span className={classNames(isLow ? text.warn : text.dim)} role="status">
      {formatNumber(limit.remaining)} of {formatNumber(limit.limit)} pulls left
      {limit.windowSeconds === null ? '' : ` in ${windowWords(limit.windowSeconds)}`}
    </span>
  );
}

/** `6 h`, `1 h`, `30 min`. */
function windowWords(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.max(1, Math.round(seconds / 60))} min`;
}
