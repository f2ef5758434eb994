import { hostnameOf } from './addresses.ts';

/** How the bytes of a blob are sent: in one PUT, in one streamed PATCH, or in several PATCH requests. */
export type UploadStyle = 'monolithic' | 'streamed' | 'chunked';

/** What is known of a registry's uploads before the first one. */
export interface UploadQuirks {
  /** Styles to try, in order. */
  readonly styles: readonly UploadStyle[];
  /** Largest chunk in bytes that the registry takes. */
  readonly maxChunk: number;
}

const MIB = 1024 * 1024;
const ALL: readonly UploadStyle[] = ['monolithic', 'streamed', 'chunked'];

const TABLE: readonly (readonly [host: RegExp, quirks: UploadQuirks])[] = [
  // ECR drops every chunk after the first without a word.
  [
    /^\d+\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
    { styles: ['monolithic'], maxChunk: 8 * MIB },
  ],
  [/^public\.ecr\.aws$/, { styles: ['monolithic'], maxChunk: 8 * MIB }],
  // Google's registries document that they take no chunks.
  [/(?:^|\.)(?:gcr\.io|pkg\.dev)$/, { styles: ['monolithic', 'streamed'], maxChunk: 8 * MIB }],
  // GitHub refuses chunks above 4 MiB, but takes whole blobs of any size.
  [/^ghcr\.io$/, { styles: ALL, maxChunk: 4 * MIB }],
];

/** The quirks of the registry at `host` (port ignored). */
export function uploadQuirks(host: string): UploadQuirks {
  const name = hostnameOf(host);
  return TABLE.find(([pattern]) => pattern.test(name))?.[1] ?? { styles: ALL, maxChunk: 8 * MIB };
}
