const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** How long ago `then` was, both in milliseconds since 1970: "now", "2 min", "3 days", "6 weeks", "2 years". */
export function formatAge(then: number, now: number): string {
  const age = now - then;
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return counted(age / HOUR, 'hour');
  if (age < 2 * WEEK) return counted(age / DAY, 'day');
  if (age < 10 * WEEK) return counted(age / WEEK, 'week');
  if (age < YEAR) return counted(age / MONTH, 'month');
  return counted(age / YEAR, 'year');
}

/** The age as part of a sentence: "just now", "3 days ago". */
export function formatAgo(then: number, now: number): string {
  const age = formatAge(then, now);
  return age === 'now' ? 'just now' : `${age} ago`;
}

function counted(value: number, unit: string): string {
  const whole = Math.max(1, Math.floor(value));
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
