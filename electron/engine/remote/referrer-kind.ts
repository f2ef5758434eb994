import type { Referrer } from '#shared/contract/referrers.ts';

/** What something that was attached is, by its artifact type, media type and annotations. */
export function referrerKind(
  artifactType: string | undefined,
  annotations: Readonly<Record<string, string>> = {},
): Referrer['kind'] {
  const bundled = annotations['dev.sigstore.bundle.predicateType'];
  if (bundled !== undefined) return /spdx|cyclonedx/i.test(bundled) ? 'sbom' : 'attestation';
  const type = artifactType ?? '';
  if (/spdx|cyclonedx|sbom|syft/i.test(type)) return 'sbom';
  if (/in-toto|artifact\.att\.|attestation|provenance|slsa|dsse/i.test(type)) return 'attestation';
  if (/signature|artifact\.sig\.|sigstore|simplesigning|notary/i.test(type)) return 'signature';
  return 'other';
}
