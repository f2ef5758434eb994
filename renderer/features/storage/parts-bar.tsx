import type { ReactNode } from 'react';
import type { StorageUsage } from '#shared/contract/settings.ts';
import styles from './storage.module.css';

const COLOURS = [
  'var(--layer-own-3)',
  'var(--layer-own-1)',
  'var(--layer-base-3)',
  'var(--layer-base-1)',
  'var(--ok)',
  'var(--info)',
  'var(--text-faint)',
];

/** The colour of a part by its place; it comes again where there are many. */
export function partColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? 'var(--line-strong)';
}

/** The parts as one bar, each as wide as its share. The table below says the same in numbers. */
export function PartsBar({ usage }: { readonly usage: StorageUsage }): ReactNode {
  return (
    <div className={styles.bar} aria-hidden="true">
      {usage.parts.map((part, index) =>
        part.bytes === 0 ? null : (
          <span
            key={part.id}
            title={part.title}
            style={{ flexGrow: part.bytes / Math.max(1, usage.totalBytes), background: partColour(index) }}
          />
        ),
      )}
    </div>
  );
}
