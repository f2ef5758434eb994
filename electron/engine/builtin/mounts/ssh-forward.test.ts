import { access, mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { forwardSocket } from './ssh-forward.ts';

it.skipIf(process.platform === 'win32')(
  'a forwarded socket passes questions and answers on until it is closed',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'strata-agent-'));
    const agent = join(folder, 'agent.sock');
    const server = createServer((socket) => socket.on('data', (asked) => socket.end(`heard ${asked}`)));
    await new Promise<void>((resolve) => server.listen(agent, resolve));
    const forwarded = await forwardSocket(
      agent,
      { mode: 0o600, uid: 0, gid: 0 },
      new AbortController().signal,
    );
    try {
      const socket = connect({ path: forwarded.path, allowHalfOpen: true });
      socket.write('hi');
      expect(await text(socket)).toBe('heard hi');
      expect((await stat(forwarded.path)).mode & 0o777).toBe(0o600);
      const open = connect(forwarded.path);
      await new Promise<void>((resolve) => open.once('connect', resolve));
      const ended = new Promise<void>((resolve) => open.once('close', () => resolve()));
      await forwarded.close();
      await ended;
      await expect(access(forwarded.path)).rejects.toThrow();
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  },
);
