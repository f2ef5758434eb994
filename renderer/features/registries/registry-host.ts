import { AppError } from '#shared/errors/app-error.ts';
import { parseReference } from '#shared/oci/reference.ts';

/** Registries that people sign in to most, with what their sign-in wants. */
export const KNOWN_REGISTRIES: readonly { readonly host: string; readonly wants: string }[] = [
  { host: 'docker.io', wants: 'Your Docker ID and an access token from the account settings.' },
  { host: 'ghcr.io', wants: 'Your GitHub name and a personal access token with the scope write:packages.' },
  { host: 'quay.io', wants: 'Your name or a robot account, and its password or token.' },
  { host: 'registry.gitlab.com', wants: 'Your GitLab name and a token with the scope write_registry.' },
];

/** The host in what was typed or pasted: without scheme, path and spaces, in lower case. */
export function normalHost(text: string): string {
  return text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
}

/** What is wrong with a registry host; null when it is one. */
export function hostProblem(text: string): string | null {
  const host = normalHost(text);
  if (host === '') return 'Give the host of the registry.';
  try {
    if (parseReference(`${host}/x`).domain === host) return null;
    return `"${host}" is not a registry host: it needs a dot or a port.`;
  } catch (error) {
    if (error instanceof AppError)
      return `"${host}" is not a registry host, such as ghcr.io or localhost:5000.`;
    throw error;
  }
}

/** What the sign-in of a host wants, in words. */
export function wantedOf(host: string): string {
  const known = KNOWN_REGISTRIES.find((registry) => registry.host === normalHost(host));
  return known?.wants ?? 'A token is better than a password: it can be withdrawn.';
}
