import { pushTargets } from '#renderer/features/transfer/push-target.ts';
import { splitReference } from '#renderer/features/transfer/split-reference.ts';
import type { ImageDetail } from '#shared/contract/images.ts';
import type { Referrer } from '#shared/contract/referrers.ts';

/** Where an image may have something attached: its own place at a registry, or those its names say; the likeliest first. */
export function placesOf({ remote, summary }: ImageDetail): readonly string[] {
  return remote === undefined ? pushTargets(summary.names) : [remote.reference];
}

/** Whether a place is asked without a word: a name that says no registry may only be of this machine. */
export function isAskedAtOnce(place: string): boolean {
  return splitReference(place).host !== '';
}

const KINDS: Readonly<Record<Referrer['kind'], string>> = {
  signature: 'Signature',
  sbom: 'SBOM',
  attestation: 'Attestation',
  other: 'Attached',
};

/** What it is, in a word. */
export function kindWord({ kind }: Pick<Referrer, 'kind'>): string {
  return KINDS[kind];
}

/** How it was found, for a narrow column. */
export function viaWords({ via }: Pick<Referrer, 'via'>): string {
  switch (via) {
    case 'api':
      return 'referrers API';
    case 'tag':
      return 'tag of its digest';
    case 'cosign-tag':
      return 'cosign tag';
    case 'index':
      return 'list of images';
  }
}

/** The file name that a part is offered under. */
export function partName(referrer: Pick<Referrer, 'kind' | 'digest'>, mediaType: string, at: number): string {
  const ending = /json/.test(mediaType) ? 'json' : /xml/.test(mediaType) ? 'xml' : 'bin';
  const short = referrer.digest.replace(/^\w+:/, '').slice(0, 12);
  return `${referrer.kind}-${short}${at === 0 ? '' : `-${at + 1}`}.${ending}`;
}
