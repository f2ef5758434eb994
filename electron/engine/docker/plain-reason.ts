import { errnoOf } from '../../platform/file-errors.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host is not known by that name',
  EAI_AGAIN: 'its host could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'there was no answer in time',
  EHOSTUNREACH: 'its host cannot be reached from here',
  ENETUNREACH: 'its host cannot be reached from here',
  ENOENT: 'nothing is there',
  ENOTSOCK: 'that is no socket',
  EACCES: 'you may not use it',
  EPERM: 'you may not use it',
};

/** Why a connection failed, as the end of a sentence: words for what the system tells by a code, else its own text. */
export function plainReason(error: unknown): string {
  const words = WORDS[errnoOf(error) ?? ''];
  if (words !== undefined) return words;
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
