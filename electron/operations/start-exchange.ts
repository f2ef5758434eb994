import type { Engine } from '../engine/engine.ts';
import { sendImage, takeImage } from '../engine/exchange-images.ts';
import type { WorkbenchEngine } from '../engine/ports.ts';
import type { Limiter } from '../image/limiter.ts';
import type { OperationRegistry } from './operation-registry.ts';

/** Where the operations of exchanges run; `turns` says how many at once, as whole lists of images may be asked for. */
export interface ExchangeDesk {
  readonly operations: OperationRegistry;
  readonly turns: Limiter;
}

/** Begins sending an image of the store to Docker or Podman; answers the operation's id. */
export function startSend(
  { operations, turns }: ExchangeDesk,
  store: WorkbenchEngine,
  engine: Engine,
  image: { readonly ref: string; readonly name?: string | undefined },
): string {
  const title = `Send ${image.name ?? image.ref} to ${engine.name}`;
  return operations.start({ kind: 'send', title }, async ({ signal, progress }) => {
    const send = () => sendImage(store, engine, image, { signal, onProgress: progress });
    const sent = await turns.run(send, signal);
    const { reference, digest, imageId, wasThere } = sent;
    const run = runCommand(engine.id, reference);
    return { kind: 'send', engine: engine.name, reference, digest, imageId, wasThere, run };
  });
}

/** Begins taking an image out of Docker or Podman; answers the operation's id. */
export function startTake(
  { operations, turns }: ExchangeDesk,
  store: WorkbenchEngine,
  engine: Engine,
  image: {
    readonly ref: string;
    readonly name?: string | undefined;
    readonly platform?: string | undefined;
  },
): string {
  const title = `Take ${image.ref} from ${engine.name}`;
  return operations.start({ kind: 'take', title }, async ({ signal, progress }) => {
    const take = () => takeImage(store, engine, image, { signal, onProgress: progress });
    const taken = await turns.run(take, signal);
    return { kind: 'take', engine: engine.name, ...taken };
  });
}

/** The command line that runs an image in the engine: `docker run --rm acme/web:1`. */
export function runCommand(engine: string, reference: string): string {
  const program = engine === 'podman' ? 'podman' : 'docker';
  return `${program} run --rm ${reference.replace(/^sha256:([0-9a-f]{12})[0-9a-f]*$/, '$1')}`;
}
