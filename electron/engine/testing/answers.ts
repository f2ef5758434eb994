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

/** The body of an answer from the HTTP server at a unix socket's path; throws when it is no success. */
export function ask(socketPath: string, method: 'GET' | 'POST' | 'DELETE', path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8');
      });
      response.once('error', reject);
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 400) resolve(body);
        else reject(new Error(`${method} ${path} was answered with ${response.statusCode}: ${body}`));
      });
    });
    call.once('error', reject);
    call.end();
  });
}
