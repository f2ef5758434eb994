import type { Change } from '#shared/contract/app.ts';
import { createDockerEngine } from '../engine/docker/create-docker-engine.ts';
import type { CredentialsFor } from '../engine/docker/registry-auth.ts';
import { createPodmanEngine } from '../engine/podman/create-podman-engine.ts';
import type { WorkbenchEngine } from '../engine/ports.ts';
import type { Broadcast } from '../operations/broadcast.ts';

export interface EngineListOptions {
  readonly builtin: WorkbenchEngine;
  readonly changes: Broadcast<Change>;
  readonly credentialsFor: CredentialsFor;
  readonly env: NodeJS.ProcessEnv;
}

/** The engines of a host, built-in first. What they tell goes to the host's changes. */
export class EngineList {
  readonly #options: EngineListOptions;
  #outer: { engine: WorkbenchEngine; unsubscribe: () => void }[] = [];
  #dockerHost: string | null = null;

  constructor(options: EngineListOptions) {
    this.#options = options;
    this.#follow(options.builtin);
    // Another process that changed our names has most likely built: its record and its bytes are new too.
    options.builtin.changes?.subscribe(() => {
      for (const topic of ['builds', 'storage', 'engines'] as const) options.changes.emit({ topic });
    });
  }

  get engines(): readonly WorkbenchEngine[] {
    return [this.#options.builtin, ...this.#outer.map(({ engine }) => engine)];
  }

  /** Connects to Docker at this address, or wherever it is found when empty. The same address changes nothing. */
  async connect(dockerHost: string): Promise<void> {
    if (dockerHost === this.#dockerHost) return;
    this.#dockerHost = dockerHost;
    const before = this.#outer;
    const { env, credentialsFor, changes } = this.#options;
    const common = { env, credentialsFor };
    this.#outer = [
      createDockerEngine({ ...common, host: dockerHost === '' ? undefined : dockerHost }),
      createPodmanEngine(common),
    ].map((engine) => ({ engine, unsubscribe: this.#follow(engine) }));
    await closeAll(before);
    changes.emit({ topic: 'engines' });
  }

  async close(): Promise<void> {
    await closeAll(this.#outer);
    await this.#options.builtin.close();
  }

  #follow(engine: WorkbenchEngine): () => void {
    const { changes } = this.#options;
    return engine.changes?.subscribe((topic) => changes.emit({ topic, engine: engine.id })) ?? (() => {});
  }
}

async function closeAll(
  outer: readonly { engine: WorkbenchEngine; unsubscribe: () => void }[],
): Promise<void> {
  for (const { unsubscribe } of outer) unsubscribe();
  await Promise.all(outer.map(({ engine }) => engine.close()));
}
