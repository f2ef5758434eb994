import type { ErrorView } from '#shared/contract/common.ts';
import type { TransferBlob } from '#shared/contract/operations.ts';
import type { PushCheck } from '#shared/contract/registries.ts';
import { parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { fakeDigest, fakeImageDetail } from './fake-images.ts';

/** What an invented registry answers before a push: `1.4.2` exists elsewhere, `1.4` is the same, `denied.*` refuses. */
export function fakePushCheck(ref: string, target: string): PushCheck {
  const reference = withDefaultTag(parseReference(target));
  const tag = reference.tag ?? 'latest';
  const detail = fakeImageDetail(ref);
  const layers = detail?.layers ?? [];
  return {
    reference: `${reference.domain}/${reference.path}:${tag}`,
    host: reference.domain,
    repository: reference.path,
    tag,
    insecure: reference.domain.startsWith('localhost'),
    username: reference.domain === 'ghcr.io' ? 'acme-bot' : null,
    credentialSource: reference.domain === 'ghcr.io' ? 'docker credential helper secretservice' : null,
    remote: remoteState(reference.domain, tag),
    floating: tag === 'latest',
    localDigest: detail?.manifestDigest ?? null,
    totalBytes: layers.reduce((sum, layer) => sum + layer.size, 0),
    baseName: detail?.base?.name ?? null,
    layers: layers.map(({ digest, createdBy, size, base }) => ({ digest, label: createdBy, size, base })),
    nextVersions: /^\d+\.\d+\.\d+$/.test(tag) ? ['1.4.3', '1.5.0', '2.0.0'] : [],
  };
}

function remoteState(domain: string, tag: string): PushCheck['remote'] {
  if (domain.startsWith('down.')) return { state: 'unknown', message: 'down.example.com does not answer.' };
  if (tag === '1.4') return { state: 'same', digest: fakeDigest('remote') };
  if (tag === '1.4.2' || tag === 'latest')
    return { state: 'different', digest: fakeDigest('remote'), createdAt: Date.now() - 3 * 86_400_000 };
  return { state: 'absent' };
}

/** The blobs of an invented transfer; those of the base are there already. */
export function fakeBlobs(ref: string, isPush: boolean): TransferBlob[] {
  const layers = fakeImageDetail(ref)?.layers ?? fakeImageDetail('node:20-slim')?.layers ?? [];
  return [
    ...layers.map(
      (layer): TransferBlob => ({
        digest: layer.digest,
        label: layer.createdBy,
        size: layer.size,
        done: layer.base && isPush ? layer.size : 0,
        state: layer.base && isPush ? 'exists' : 'waiting',
      }),
    ),
    { digest: fakeDigest('config'), label: 'config', size: 7023, done: 0, state: 'waiting' },
    { digest: fakeDigest('manifest'), label: 'manifest', size: 1992, done: 0, state: 'waiting' },
  ];
}

/** What an invented transfer to or from this host fails with. */
export function fakeTransferError(host: string): ErrorView | undefined {
  if (host.startsWith('denied.'))
    return {
      code: 'unauthorized',
      message: `${host} did not accept the push: you are not signed in.`,
      hint: `Sign in to ${host} and push again; the layers that are there already are not sent twice.`,
      detail: { kind: 'registry', host, status: 401, registryCode: 'UNAUTHORIZED' },
    };
  if (host.startsWith('down.'))
    return {
      code: 'registry-unreachable',
      message: `${host} does not answer (connection refused).`,
      hint: 'Check the name and the network, then try again.',
      detail: { kind: 'registry', host },
    };
  return undefined;
}

/** What is to know of a pull from a registry whose credential helper is missing. */
export function fakePullNotice(reference: string): { readonly notice?: string } {
  if (parseReference(reference).domain !== 'public.example.com') return {};
  return {
    notice:
      'It was pulled without a sign-in. The credential helper docker-credential-desktop, which is to know the sign-in for public.example.com, is not installed. Install it, or take it out of credsStore in /home/ada/.docker/config.json and sign in again.',
  };
}
