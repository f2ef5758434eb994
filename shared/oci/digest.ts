import { AppError } from '../errors/app-error.ts';

/** The hash of the bytes a descriptor names: of a *compressed* layer, a config or a manifest. */
export type Digest = `${string}:${string}` & { readonly __digest?: never };

/** The hash of a layer's *uncompressed* tar. Never interchangeable with {@link Digest}. */
export type DiffId = `${string}:${string}` & { readonly __diffId: true };

const HEX_LENGTH: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Whether `text` is `algorithm:hex` of a registered algorithm with the right length (image-spec, descriptor). */
export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(':');
  if (colon < 0) return false;
  const hex = text.slice(colon + 1);
  return HEX_LENGTH[text.slice(0, colon)] === hex.length && /^[0-9a-f]+$/.test(hex);
}

/** The digest in `text`; throws `malformed` where it is none. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text))
    throw new AppError('malformed', `"${text}" is not a digest such as sha256:<64 hex digits>.`);
  return text;
}

/** The diffID in `text`; throws `malformed` where it is none. */
export function parseDiffId(text: string): DiffId {
  return parseDigest(text) as string as DiffId;
}

/** The parts of a digest. */
export function splitDigest(digest: Digest | DiffId): { readonly algorithm: string; readonly hex: string } {
  const colon = digest.indexOf(':');
  return { algorithm: digest.slice(0, colon), hex: digest.slice(colon + 1) };
}

/** A digest short enough for a label: `sha256:9c1f2d3e4a5b` becomes `9c1f2d3e4a5b`. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1, digest.indexOf(':') + 13);
}
