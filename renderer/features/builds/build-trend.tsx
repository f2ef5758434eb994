import type { ReactNode } from 'react';
import { Duration } from '#renderer/components/quantity.tsx';
import text from '#renderer/styles/text.module.css';
import { formatDuration } from '#shared/format/duration.ts';
import type { BuildTrend } from './build-history.ts';
import styles from './builds.module.css';

/** The last builds of a project as bars, and what they tell together. */
export function BuildTrendLine({ trend }: { readonly trend: BuildTrend }): ReactNode {
  const longest = Math.max(...trend.builds.map((build) => build.ms ?? 0), 1);
  return (
    <div className={styles.trend}>
      <span className={styles.bars} aria-hidden="true">
        {trend.builds.map((build) => (
          <span
            key={build.id}
            title={formatDuration(build.ms ?? 0)}
            style={{ height: `${Math.max(8, ((build.ms ?? 0) / longest) * 100)}%` }}
          />
        ))}
      </span>
      <span className={text.dim}>
        last {trend.builds.length}: typically <Duration ms={trend.medianMs} />,{' '}
        {Math.round(trend.cachedShare * 100)} % of steps cached, <Duration ms={trend.savedMs} /> saved
      </span>
    </div>
  );
}
