import { useSyncExternalStore } from 'react';
import text from '#renderer/styles/text.module.css';
import { formatDuration } from '#shared/format/duration.ts';

/** The time since `since` (milliseconds since 1970), counting in tenths of a second. */
export function Elapsed({ since }: { readonly since: number }) {
  const now = useSyncExternalStore(subscribe, readTenth);
  return (
    <span className={text.number} role="timer">
      {formatDuration(Math.max(100, now - since))}
    </span>
  );
}

const TICK = 100;

function readTenth(): number {
  return Math.floor(Date.now() / TICK) * TICK;
}

function subscribe(onTick: () => void): () => void {
  const timer = setInterval(onTick, TICK);
  return () => clearInterval(timer);
}
