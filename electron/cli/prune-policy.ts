import { AppError } from '#shared/errors/app-error.ts';
import { parseByteSize } from '../build/dockerfile/byte-size.ts';
import { parseGoDuration } from '../build/dockerfile/go-duration.ts';
import type { CachePolicy } from '../engine/builtin/cache-policy.ts';
import { type CommandInput, isSet, listOption, textOption } from './command.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What `prune` leaves of the build cache. Throws `invalid-input`. */
export function readPrunePolicy(input: CommandInput): CachePolicy {
  const kept = textOption(input, 'keep-storage');
  const keepBytes = kept === undefined ? undefined : parseByteSize(kept);
  if (keepBytes === null) throw wrong('--keep-storage', kept ?? '', 'a size such as 5GB');
  const ages = listOption(input, 'filter').map(readAge);
  const policy = {
    all: isSet(input, 'all') ? true : undefined,
    until: ages.length === 0 ? undefined : Math.max(...ages),
    keepBytes,
  };
  if (policy.all !== true || (policy.until === undefined && keepBytes === undefined)) return policy;
  throw new AppError('invalid-input', '--all leaves nothing of the build cache that is not in an image.', {
    hint: 'Leave out --all to keep some of it by --filter or --keep-storage.',
  });
}

/** `until=24h`, a Go duration, or days as `7d`; in ms. */
function readAge(word: string): number {
  const match = /^until=(.+)$/.exec(word);
  const text = match?.[1] ?? '';
  const days = /^(\d+)d$/.exec(text);
  const ms = days === null ? (parseGoDuration(text) ?? Number.NaN) / 1e6 : Number(days[1]) * DAY_MS;
  if (match === null || !(ms >= 0)) throw wrong('--filter', word, 'until=24h or until=7d');
  return ms;
}

function wrong(option: string, word: string, form: string): AppError {
  return new AppError('invalid-input', `"${word}" is not what ${option} takes.`, { hint: `Write ${form}.` });
}
