import { discard, readErrorText } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { brokenHandshake, isAbsent, isPlainServer, isTransient } from './network-errors.ts';
import type { Transport, WireResponse } from './transport.ts';

/** Asks a host that may be plain which of both it speaks: https first, http only where TLS meets plain text. */
export async function findScheme(transport: Transport, endpoint: Endpoint): Promise<URL> {
  const ask = (base: URL): Promise<WireResponse> =>
    transport.send({ method: 'GET', url: new URL('/v2/', base), headers: {}, idleMs: 15_000 });
  const secure = new URL(`https://${endpoint.host}/`);
  const plain = new URL(`http://${endpoint.host}/`);
  try {
    await discard(await ask(secure));
    return secure;
  } catch (error) {
    const mayBePlain = isPlainServer(error) || (isTransient(error) && !isAbsent(error));
    if (!mayBePlain) throw error;
    const response = await ask(plain);
    const text = await readErrorText(response);
    // A TLS server that broke off the handshake, over a missing client certificate for one, says so in plain text.
    if (response.status === 400 && /https/i.test(text)) throw brokenHandshake(error, endpoint.host);
    return plain;
  }
}
