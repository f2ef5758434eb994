import { AppError } from '#shared/errors/app-error.ts';
import { isWireObject, type WireObject } from '#shared/oci/wire.ts';
import { readErrorText } from './body.ts';
import type { MissingHelper } from './credentials/credential.ts';
import { withHelperWords } from './credentials/missing-helpers.ts';
import { hideSecrets } from './credentials/secret.ts';
import { explainRefusal } from './error-words.ts';
import type { WireResponse } from './transport.ts';

/** What a request was for, to say what failed. */
export interface RequestPurpose {
  /** The registry as references name it. */
  readonly host: string;
  readonly repository?: string | undefined;
  /** What was asked for or sent, as it ends a sentence: `tag 1.0`, `layer 9c1f2d3e4a5b`. */
  readonly what: string;
  readonly action: 'read' | 'write' | 'delete' | 'sign-in';
  /** The user that the request was made as; undefined when anonymous. */
  readonly username?: string | undefined;
  /** The server that answered in place of the registry, which sent us there; undefined for its own answer. */
  readonly storage?: string | undefined;
  /** A token server accepted the sign-in, so a refusal is about rights, not about the password. */
  readonly hasToken?: boolean | undefined;
  /** The credential helper that might have known a sign-in and is not installed. */
  readonly missingHelper?: MissingHelper | undefined;
}

/** An error as registries report it (distribution-spec, error codes). */
export interface RegistryErrorEntry {
  readonly code: string;
  readonly message: string;
}

const TEXT_LIMIT = 300;

/** The error to throw for an answer that refuses: reads its body and says in plain words what to do. */
export async function responseError(response: WireResponse, purpose: RequestPurpose): Promise<AppError> {
  const text = await readErrorText(response);
  const entry = parseErrorEntry(text);
  const said = saidBy(entry, text);
  const refused = explainRefusal(response, purpose, entry, said);
  const words = withHelperWords(refused, purpose.missingHelper, purpose.host);
  return new AppError(words.code, words.message, {
    hint: words.hint,
    detail: {
      kind: 'registry',
      host: purpose.host,
      repository: purpose.repository,
      status: response.status,
      registryCode: entry?.code,
    },
  });
}

/** The first entry of the registry's error document; undefined for HTML, plain text and other shapes. */
export function parseErrorEntry(text: string): RegistryErrorEntry | undefined {
  const document = parseObject(text);
  const first = Array.isArray(document.errors) ? (document.errors[0] as unknown) : document.errors;
  const entry = isWireObject(first) ? first : document;
  const code = clean(entry.code) || clean(document.error);
  const message = clean(entry.message) || clean(document.details);
  return code === '' && message === '' ? undefined : { code, message };
}

function parseObject(text: string): WireObject {
  try {
    const document = JSON.parse(text) as unknown;
    return isWireObject(document) ? document : {};
  } catch {
    return {};
  }
}

/** Text from outside on one line, without secrets, control and direction characters, not longer than a sentence or two. */
export function clean(value: unknown): string {
  if (typeof value !== 'string') return '';
  return hideSecrets(value)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, TEXT_LIMIT);
}

/** Whether a body is a web page instead of an answer of the API. */
export function isHtml(response: WireResponse, text: string): boolean {
  return /html/i.test(response.header('content-type') ?? '') || /^\s*<(?:!doctype|html|\?xml)/i.test(text);
}

function saidBy(entry: RegistryErrorEntry | undefined, text: string): string {
  if (entry !== undefined) return entry.message || entry.code;
  return /^\s*</.test(text) ? '' : clean(text);
}
