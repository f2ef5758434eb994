import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '../platform/process-identity.ts';
import { sendInTurn } from '../registry/send-in-turn.ts';
import { Store } from './store.ts';

const PLACE = 'registry.example.com/app@sha256:0';
const KEY = `sent-${createHash('sha256').update(PLACE).digest('hex')}`;

describe('uploads of several processes to one place', () => {
  let store: Store;
  let ingest: string;
  beforeEach(async () => {
    store = new Store(await mkdtemp(join(tmpdir(), 'strata-claims-')));
    await store.prepare();
    const release = await store.uploads.claim(PLACE);
    await release();
    ingest = store.paths.ingest();
  });
  afterEach(() => rm(store.paths.home, { recursive: true, force: true }));

  const send = (onSend: () => void | Promise<void>, onWait = (): void => undefined, signal?: AbortSignal) =>
    sendInTurn(store.uploads, PLACE, { onWait, signal }, async () => onSend());
  const claimOf = (identity: string): string => join(ingest, `${KEY}.${identity}.x`);

  it('wait while another living process sends, and go on when it has ended', async () => {
    const other = claimOf(processIdentity(process.ppid));
    await writeFile(other, '');
    const events: string[] = [];
    const onWait = (): void => {
      events.push('waited');
      rmSync(other, { force: true });
    };
    await send(() => void events.push('sent'), onWait);
    expect([events[0], events.at(-1)]).toEqual(['waited', 'sent']);
    expect(await readdir(ingest)).toEqual([]);
  });

  it('do not wait for a dead process, whose claim goes', async () => {
    await writeFile(claimOf('999999-1'), '');
    let names: readonly string[] = [];
    await send(async () => {
      names = await readdir(ingest);
    });
    expect(names).toEqual([expect.stringContaining(processIdentity())]);
    expect(await readdir(ingest)).toEqual([]);
  });

  it('are let go of after a failure, and when the wait is given up', async () => {
    const failure = send(() => {
      throw new Error('refused');
    });
    await expect(failure).rejects.toThrow('refused');
    expect(await readdir(ingest)).toEqual([]);
    await writeFile(claimOf(processIdentity(process.ppid)), '');
    const controller = new AbortController();
    const waiting = send(
      () => undefined,
      () => controller.abort(),
      controller.signal,
    );
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('give way where both began at once, to the process that goes before', async () => {
    const [own, other] = [processIdentity(), processIdentity(process.ppid)];
    const file = claimOf(other);
    const events: string[] = [];
    const meanwhile = {
      isElsewhere: (place: string, rank: 'any' | 'senior') => store.uploads.isElsewhere(place, rank),
      claim: async (place: string) => {
        const release = await store.uploads.claim(place);
        if (events.push('claimed') === 1) await writeFile(file, '');
        return release;
      },
    };
    const onWait = (): void => {
      events.push('waited');
      rmSync(file, { force: true });
    };
    await sendInTurn(meanwhile, PLACE, { onWait, signal: undefined }, async () => void events.push('sent'));
    expect(events).toEqual(other < own ? ['claimed', 'waited', 'claimed', 'sent'] : ['claimed', 'sent']);
  });
});
