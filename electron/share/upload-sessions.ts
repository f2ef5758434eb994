import { randomUUID } from 'node:crypto';
import { type Digest, splitDigest } from '#shared/oci/digest.ts';
import type { BlobWriter } from '../image/blob-store.ts';
import type { Lease } from '../store/leases.ts';
import type { Store } from '../store/store.ts';
import { SpecError } from './spec-error.ts';

const OPEN_AT_ONCE = 100;
/** An upload that nobody goes on with is forgotten after an hour. */
const IDLE_MS = 60 * 60 * 1000;
/** A client that pushes asks again well within this time. */
const LEASE_MS = 10 * 60 * 1000;

/** A request that sends bytes of an upload. */
export interface UploadSender {
  /** Breaks its connection. */
  giveUp(): void;
  /** Settled when all that came of it is written. */
  readonly ended: Promise<void>;
}

/** A blob on its way in. */
export interface UploadSession {
  readonly id: string;
  readonly repository: string;
  readonly writer: BlobWriter;
  /** Bytes so far. */
  offset: number;
  /** The request that sends its bytes now. */
  sender: UploadSender | null;
  touchedAt: number;
}

/** The uploads of one share. While clients push, a lease keeps what they sent from clean-ups. */
export class UploadSessions {
  readonly #store: Store;
  readonly #sessions = new Map<string, UploadSession>();
  #lease: Promise<Lease> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Says that a client is at work: what it finds or sends stays for the minutes that follow. */
  async keepAlive(): Promise<void> {
    this.#lease ??= this.#store.lease();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#release(), LEASE_MS);
    this.#timer.unref();
    await this.#lease;
  }

  /** Begins an upload. Throws `TOOMANYREQUESTS`. */
  async begin(repository: string): Promise<UploadSession> {
    await this.keepAlive();
    await this.#forgetIdle();
    if (this.#sessions.size >= OPEN_AT_ONCE)
      throw new SpecError(429, 'TOOMANYREQUESTS', `${OPEN_AT_ONCE} uploads are open already.`);
    const session: UploadSession = {
      id: randomUUID(),
      repository,
      writer: await this.#store.content.ingest({}),
      offset: 0,
      sender: null,
      touchedAt: Date.now(),
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The upload with this id. Throws `BLOB_UPLOAD_UNKNOWN`, also where it belongs to another repository. */
  get(id: string, repository: string): UploadSession {
    const session = this.#sessions.get(id);
    if (session === undefined || session.repository !== repository)
      throw new SpecError(404, 'BLOB_UPLOAD_UNKNOWN', 'There is no such upload; it ended or was given up.');
    session.touchedAt = Date.now();
    return session;
  }

  /** Makes the bytes a blob. Throws `DIGEST_INVALID`, and forgets them, where they are not what `digest` says. */
  async finish(session: UploadSession, digest: Digest): Promise<void> {
    this.#sessions.delete(session.id);
    if (splitDigest(digest).algorithm === 'sha256') await session.writer.commit(digest);
    else await this.#copyAs(digest, (await session.writer.commit()).digest);
  }

  /** Bytes were hashed as they came; a digest of another kind needs a second look at them. */
  async #copyAs(digest: Digest, stored: Digest): Promise<void> {
    const writer = await this.#store.content.ingest({ expected: { digest } });
    try {
      for await (const chunk of this.#store.content.open(stored)) await writer.write(chunk as Buffer);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    await writer.commit();
  }

  async cancel(session: UploadSession): Promise<void> {
    this.#sessions.delete(session.id);
    await session.writer.abort();
  }

  /** Gives up all uploads. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const session of [...this.#sessions.values()]) await this.cancel(session);
    await this.#release();
  }

  async #release(): Promise<void> {
    const lease = this.#lease;
    this.#lease = null;
    await (await lease)?.release();
  }

  async #forgetIdle(): Promise<void> {
    const oldest = Date.now() - IDLE_MS;
    for (const session of [...this.#sessions.values()])
      if (session.sender === null && session.touchedAt < oldest) await this.cancel(session);
  }
}
