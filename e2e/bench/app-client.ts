import { readFile, rm } from 'node:fs/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { waitUntil } from '#electron/engine/testing/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { buildOptions } from '#shared/contract/projects.ts';
import type { Box } from '../fixtures/box.ts';
import { startWebHost } from '../fixtures/web-host.ts';

const PROBE = new URL('./stall-probe.mjs', import.meta.url);

/** The app without a page: a web host as a process of its own, spoken to by the contract. */
export interface AppClient {
  readonly pid: number;
  /** Adds a folder as a project and gives its id. */
  addProject(folder: string): Promise<string>;
  /** Builds as the Build button does; resolves when the build is done, throws when it fails. */
  build(projectId: string, name: string): Promise<void>;
  /** Longest time in ms for which the host's event loop was held up since the last question. */
  longestStall(): Promise<number>;
  close(): Promise<void>;
}

/** Starts `strata serve` with a watch over its event loop, and signs in. */
export async function startApp(box: Pick<Box, 'env' | 'folder'>): Promise<AppClient> {
  const file = `${box.env.STRATA_HOME}.stall`;
  const host = await startWebHost(box, { NODE_OPTIONS: `--import=${PROBE.href}`, STALL_FILE: file });
  const { client, socket } = await signIn(host.address);
  return {
    pid: host.pid,
    addProject: async (folder) => {
      await client.folders.browse({ path: folder, show: 'none' });
      return (await client.projects.add({ path: folder })).id;
    },
    build: (projectId, name) => build(client, projectId, name),
    longestStall: () => askProbe(host.pid, file),
    close: async () => {
      socket.terminate();
      await host.stop();
      await rm(file, { force: true });
    },
  };
}

async function signIn(
  address: string,
): Promise<{ client: ContractRouterClient<Contract>; socket: WebSocket }> {
  const { origin } = new URL(address);
  const page = await fetch(address, { redirect: 'manual' });
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // The link asks for a browser's WebSocket; the one of ws has the parts that it uses.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(link), socket };
}

async function build(client: ContractRouterClient<Contract>, projectId: string, name: string): Promise<void> {
  const options = buildOptions.parse({ tags: [name] });
  const { operationId } = await client.builds.start({ projectId, options });
  for await (const event of await client.operations.watch({ id: operationId })) {
    if (event.type !== 'snapshot' && event.type !== 'operation') continue;
    const { state, error } = event.type === 'snapshot' ? event.snapshot.operation : event.operation;
    if (state === 'done') return;
    if (state !== 'running') throw new Error(`The build ${state}: ${error?.message ?? ''}`);
  }
  throw new Error('The build told nothing of its end.');
}

/** Asks the probe in a process, see stall-probe.mjs. */
async function askProbe(pid: number, file: string): Promise<number> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const read = () => readFile(file, 'utf8').catch(() => '');
  await waitUntil('the probe', async () => (await read()) !== '', { timeoutMs: 10_000 });
  return Number(await read());
}
