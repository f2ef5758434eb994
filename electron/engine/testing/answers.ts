import { request } from 'node:http';

/** Whether an HTTP server answers with success: at a unix socket's path, or at `http://…`. */
export function answers(address: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const target = address.startsWith('http:') ? new URL(path, address) : { socketPath: address, path };
    const call = request(target, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    call.once('error', () => resolve(false));
    call.end();
  });
}
