import type { ErrorCode } from '#shared/errors/app-error.ts';
import { parseChallenges, preferredChallenge } from './challenge.ts';
import { clean, type RegistryErrorEntry, type RequestPurpose } from './errors.ts';
import { parseRetryAfter } from './retry.ts';
import type { WireResponse } from './transport.ts';

/** An error's code and its two sentences. */
export interface Words {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What a refusal means in plain words; `said` is the registry's own text, cleaned. */
export function explainRefusal(
  response: WireResponse,
  purpose: RequestPurpose,
  entry: RegistryErrorEntry | undefined,
  said: string,
): Words {
  const { host, what } = purpose;
  const where = purpose.repository === undefined ? host : `${host}/${purpose.repository}`;
  const quote = said === '' ? '' : ` It says: "${said}".`;
  const immutable = isImmutableTag(response.status, entry, said);
  if (immutable) {
    return {
      code: 'conflict',
      message: `${host} does not let ${what} of ${where} be moved: tags are immutable there.${quote}`,
      hint: 'Push under the next version instead.',
    };
  }
  if (purpose.storage !== undefined && isRefusalOfStorage(response.status))
    return storageRefuses(response, purpose, purpose.storage, quote);
  switch (response.status) {
    case 401:
      return unknownSignIn(response, host) ?? unauthorized(purpose, where, quote);
    case 403:
      return forbidden(purpose, where, quote);
    case 404:
      return notFound(purpose, where, entry, quote);
    case 405:
      // For a tag it may only mean that images alone can be deleted.
      if (purpose.action === 'delete' && what.startsWith('image ')) return deletingIsOff(host, what, quote);
      return {
        code: 'unsupported',
        message: `${host} does not support this.${quote}`,
        hint: 'The registry may be a read-only mirror or have deleting turned off.',
      };
    case 413:
      return {
        code: 'registry-error',
        message: `${host} refused ${what}: it is too large.${quote}`,
        hint: 'Raise the body size limit of the registry or of the proxy before it (nginx: client_max_body_size), or make the layer smaller.',
      };
    case 429:
      return rateLimited(response, purpose, quote);
    case 507:
      return {
        code: 'registry-error',
        message: `${host} has no space left for ${what}.${quote}`,
        hint: 'Free space or raise the quota of the registry.',
      };
    default:
      return unexpected(response, purpose, where, quote);
  }
}

/** A storage knows no accounts of the registry: it refuses an address that it was not signed for, or is broken. */
function isRefusalOfStorage(status: number): boolean {
  return status === 400 || status === 401 || status === 403 || status >= 500;
}

function storageRefuses(
  { status }: WireResponse,
  { host, what }: RequestPurpose,
  storage: string,
  quote: string,
): Words {
  return {
    code: 'registry-error',
    message: `${storage}, where ${host} sends us for ${what}, refuses it with status ${status}.${quote}`,
    hint:
      status >= 500
        ? 'The fault is on the side of the storage: try again later.'
        : 'A firewall or proxy may not let it through, or the clock of this machine may be wrong. Else tell who runs the registry.',
  };
}

/** The words for a registry that offers no sign-in that is known here: to sign in again would not help. */
function unknownSignIn(response: WireResponse, host: string): Words | null {
  const offered = parseChallenges(response.headers('www-authenticate'));
  if (offered.length === 0 || preferredChallenge(offered) !== undefined) return null;
  return {
    code: 'unsupported',
    message: `${host} asks for a kind of sign-in that Strata does not know: ${clean(offered.map(({ scheme }) => scheme).join(', '))}.`,
    hint: 'Ask who runs the registry for a sign-in with user name and password (Basic) or with a token (Bearer with a realm).',
  };
}

function unauthorized(purpose: RequestPurpose, where: string, quote: string): Words {
  if (purpose.action === 'sign-in' && purpose.username === undefined) {
    return {
      code: 'unauthorized',
      message: `${purpose.host} lets nobody in without a sign-in.${quote}`,
      hint: `Sign in to ${purpose.host} (Registries, or "strata login ${purpose.host}").`,
    };
  }
  if (purpose.action === 'sign-in') {
    return {
      code: 'unauthorized',
      message: `${purpose.host} does not accept this user name and password.${quote}`,
      hint: 'Check both. Many registries want an access token in place of the password.',
    };
  }
  if (purpose.username === undefined) {
    return {
      code: 'unauthorized',
      message: `${where} is not open to anyone: it does not exist, or you must sign in.${quote}`,
      hint: `Sign in to ${purpose.host} (Registries, or "strata login ${purpose.host}") and check the name.`,
    };
  }
  if (purpose.hasToken) return forbidden(purpose, where, quote);
  return {
    code: 'unauthorized',
    message: `${purpose.host} does not accept the sign-in of ${purpose.username} for ${where}.${quote}`,
    hint: `The password or token may have expired or lack rights: sign in to ${purpose.host} again.`,
  };
}

function forbidden(purpose: RequestPurpose, where: string, quote: string): Words {
  if (purpose.action === 'sign-in') return unauthorized(purpose, where, quote);
  const who = purpose.username === undefined ? 'Without a sign-in you' : purpose.username;
  const verb = { read: 'read', write: 'push to', delete: 'delete from', 'sign-in': 'use' }[purpose.action];
  return {
    code: 'forbidden',
    message: `${who} may not ${verb} ${where}.${quote}`,
    hint:
      purpose.username === undefined
        ? `Sign in to ${purpose.host} with an account that may.`
        : 'Check the name of the repository, and ask its owner for the right or sign in as another user.',
  };
}

function notFound(
  purpose: RequestPurpose,
  where: string,
  entry: RegistryErrorEntry | undefined,
  quote: string,
): Words {
  if (purpose.action === 'write') {
    return {
      code: 'not-found',
      message: `The repository ${where} does not exist.${quote}`,
      hint: 'Some registries want it to be made before the first push: make it there, or check the name.',
    };
  }
  if (entry?.code === 'NAME_UNKNOWN' || entry?.code === 'NAME_INVALID') {
    return {
      code: 'not-found',
      message: `There is no repository ${where}.`,
      hint: 'Check the spelling, and whether you must sign in to see it.',
    };
  }
  if (purpose.what.startsWith('layer '))
    return {
      code: 'not-found',
      message: `${where} does not have ${purpose.what}, which its image is made of.`,
      hint: 'The image is incomplete at the registry: push it there again, or use another tag.',
    };
  return {
    code: 'not-found',
    message: `${where} has no ${purpose.what}.`,
    hint: 'Check the spelling, and whether you must sign in to see it.',
  };
}

function deletingIsOff(host: string, what: string, quote: string): Words {
  return {
    code: 'unsupported',
    message: `${host} does not delete ${what}: deleting is turned off there.${quote}`,
    hint: 'Turn deleting on in the configuration of the registry (storage.delete.enabled of a docker-registry), or ask who runs it.',
  };
}

function rateLimited(response: WireResponse, purpose: RequestPurpose, quote: string): Words {
  const after = (parseRetryAfter(response.header('retry-after'), Date.now()) ?? 0) / 1000;
  const when = after > 0 ? ` Try again in ${waitWords(after)}.` : '';
  return {
    code: 'rate-limited',
    message: `${purpose.host} allows no more requests for now.${quote}`,
    hint:
      purpose.username === undefined
        ? `Wait, or sign in to ${purpose.host} for a higher limit.${when}`
        : `Wait before you try again.${when}`,
  };
}

/** Seconds to wait as people say them. */
function waitWords(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  if (seconds <= 7200) return `${Math.ceil(seconds / 60)} min`;
  return seconds <= 172_800 ? `${Math.ceil(seconds / 3600)} h` : `${Math.ceil(seconds / 86_400)} days`;
}

function unexpected(response: WireResponse, purpose: RequestPurpose, where: string, quote: string): Words {
  const { status } = response;
  if (/html/i.test(response.header('content-type') ?? '')) {
    return {
      code: 'registry-error',
      message: `${purpose.host} answered with a web page (status ${status}) where a registry was expected.`,
      hint: 'Check the host and port; a sign-in page or a proxy may stand before the registry.',
    };
  }
  if (status >= 500) {
    return {
      code: 'registry-error',
      message: `${purpose.host} failed with status ${status} at ${purpose.what}.${quote}`,
      hint: 'The fault is on the side of the registry: try again later or look at its log.',
    };
  }
  return {
    code: 'registry-error',
    message: `${purpose.host} refused ${purpose.what} of ${where} with status ${status}.${quote}`,
    hint: 'Check that the host is a container registry and that the name is right.',
  };
}

function isImmutableTag(status: number, entry: RegistryErrorEntry | undefined, said: string): boolean {
  if (![400, 403, 409, 412].includes(status)) return false;
  return /immutable|ImageTagAlreadyExists|cannot be overwritten|overwrite/i.test(
    `${entry?.code ?? ''} ${said}`,
  );
}
