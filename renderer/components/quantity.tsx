import { type ReactNode, useSyncExternalStore } from 'react';
import text from '#renderer/styles/text.module.css';
import { formatAge, formatAgo } from '#shared/format/age.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatNumber } from '#shared/format/count.ts';
import { formatDuration } from '#shared/format/duration.ts';

/** A size; the exact number of bytes is its hint. Nothing is a dash, for what the engine does not know. */
export function Bytes(props: { readonly value: number | null }): ReactNode {
  if (props.value === null)
    return (
      <span className={text.faint} title="Not known to this engine">
        –
      </span>
    );
  return (
    <span className={text.number} title={`${formatNumber(props.value)} bytes`}>
      {formatBytes(props.value)}
    </span>
  );
}

/** A length of time in milliseconds. */
export function Duration(props: { readonly ms: number }): ReactNode {
  return <span className={text.number}>{formatDuration(props.ms)}</span>;
}

/** How long ago something was (milliseconds since 1970); it stays right while the page is open. */
export function Age(props: { readonly at: number | null; readonly ago?: boolean }): ReactNode {
  const now = useSyncExternalStore(subscribeToMinutes, readMinute);
  if (props.at === null) return <span className={text.faint}>–</span>;
  const words = props.ago ? formatAgo(props.at, now) : formatAge(props.at, now);
  return (
    <time
      className={text.number}
      dateTime={new Date(props.at).toISOString()}
      title={new Date(props.at).toLocaleString()}
    >
      {words}
    </time>
  );
}

const MINUTE = 60_000;

/** Rounded up to the minute, so that something a second old is not in the future and reads do not differ. */
function readMinute(): number {
  return Math.ceil(Date.now() / MINUTE) * MINUTE;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all ages of the page: a long table has many. */
function subscribeToMinutes(onMinute: () => void): () => void {
  listeners.add(onMinute);
  timer ??= setInterval(() => {
    for (const listener of listeners) listener();
  }, 20_000);
  return () => {
    listeners.delete(onMinute);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
