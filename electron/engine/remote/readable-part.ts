/**
 * The text of a part of a signature, SBOM or attestation as a person reads it: JSON in lines, of an envelope (DSSE) what
 * it holds. Null where it is no text.
 */
export function readablePart(bytes: Uint8Array): string | null {
  const text = asText(bytes);
  if (text === null) return null;
  const document = asJson(text);
  if (document === undefined) return text;
  const payload = payloadOf(document);
  return JSON.stringify(payload === undefined ? document : { ...document, payload }, null, 2);
}

/** The statement in an envelope, whose bytes it carries in base64. */
function payloadOf(document: object): unknown {
  const { payload, payloadType } = document as { payload?: unknown; payloadType?: unknown };
  if (typeof payload !== 'string' || typeof payloadType !== 'string') return undefined;
  const text = asText(Buffer.from(payload, 'base64'));
  return text === null ? undefined : asJson(text);
}

function asJson(text: string): object | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

function asText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
