import { isCancelled } from '#shared/errors/app-error.ts';
import { isLoopbackHost } from './addresses.ts';
import { discard, readErrorText } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { brokenHandshake, isAbsent, isPlainServer, isTransient } from './network-errors.ts';
import type { Transport, WireResponse } from './transport.ts';

/**
 * Asks a host that may be plain which of both it speaks: https first, http only where TLS meets plain text. This
 * machine itself is asked over http first, where nobody can stand between: most registries on it are plain, and to read
 * the system's authorities takes longer than to pull a small image.
 */
export async function findScheme(transport: Transport, endpoint: Endpoint): Promise<URL> {
  const plain = new URL(`http://${endpoint.host}/`);
  if (isLoopbackHost(endpoint.host) && (await speaksPlain(transport, plain))) return plain;
  const secure = new URL(`https://${endpoint.host}/`);
  try {
    await discard(await ask(transport, secure));
    return secure;
  } catch (error) {
    // Where nothing answers, http may have another port or another proxy.
    const mayBePlain = isPlainServer(error) || isTransient(error) || isAbsent(error);
    if (!mayBePlain) throw error;
    // A TLS server that broke off the handshake, over a missing client certificate for one, says so in plain text.
    if (await wantsTls(await ask(transport, plain))) throw brokenHandshake(error, endpoint.host);
    return plain;
  }
}

async function speaksPlain(transport: Transport, plain: URL): Promise<boolean> {
  try {
    return !(await wantsTls(await ask(transport, plain)));
  } catch (error) {
    // A TLS server may answer with bytes of its own, hang up, or listen at another port.
    if (isCancelled(error)) throw error;
    return false;
  }
}

function ask(transport: Transport, base: URL): Promise<WireResponse> {
  return transport.send({ method: 'GET', url: new URL('/v2/', base), headers: {}, idleMs: 15_000 });
}

async function wantsTls(response: WireResponse): Promise<boolean> {
  const text = await readErrorText(response);
  return response.status === 400 && /https/i.test(text);
}
