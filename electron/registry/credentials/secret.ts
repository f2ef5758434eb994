import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** A text that must not be seen: it shows as `[secret]` wherever it is printed, logged or turned into JSON. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself, to be sent and not kept; {@link hideSecrets} knows it from then on. */
  reveal(): string {
    remember(this.#value);
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Shorter ones are found in words that say nothing of them. */
const LEAST_LENGTH = 6;
const REMEMBERED = 50;
const revealed = new Set<string>();

function remember(value: string): void {
  if (value.length < LEAST_LENGTH) return;
  revealed.delete(value);
  revealed.add(value);
  const [oldest] = revealed;
  if (revealed.size > REMEMBERED && oldest !== undefined) revealed.delete(oldest);
}

/** A text from outside without the secrets that were sent last: a server may repeat in an answer what it was sent. */
export function hideSecrets(text: string): string {
  let hidden = text;
  for (const value of revealed) hidden = hidden.replaceAll(value, HIDDEN);
  return hidden;
}
