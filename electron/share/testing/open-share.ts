import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../store/store.ts';
import { type Share, type ShareOptions, startShare } from '../start-share.ts';

/** A share over a store of its own. For tests. */
export interface TestShare {
  readonly store: Store;
  readonly share: Share;
  readonly url: string;
  /** Errors that nobody expected. */
  readonly reported: unknown[];
  remove(): Promise<void>;
}

/** Opens a store in a temporary folder and shares it on a free port. */
export async function openShare(options: Partial<ShareOptions> = {}): Promise<TestShare> {
  const home = await mkdtemp(join(tmpdir(), 'strata-share-'));
  const store = await openStore(home);
  const reported: unknown[] = [];
  const share = await startShare(store, { port: 0, report: (error) => reported.push(error), ...options });
  return {
    store,
    share,
    url: `http://${share.address}`,
    reported,
    remove: async () => {
      await share.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A request with any headers, also those that fetch keeps to itself. */
export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string = '',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    call.once('error', reject);
    call.end(body);
  });
}
