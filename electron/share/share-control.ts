import type { ShareStatus, ShareUse } from '#shared/contract/share.ts';
import { addUse } from './share-uses.ts';
import type { Share } from './start-share.ts';

/** What a share is asked to be. */
export interface ShareRequest {
  readonly port?: number | undefined;
  readonly readOnly: boolean;
}

/** The one share of a host: off until it is asked for. Calls take effect one after the other. */
export class ShareControl {
  readonly #open: (request: ShareRequest, onUse: (use: ShareUse) => void) => Promise<Share>;
  #recent: readonly ShareUse[] = [];
  #share: Share | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  readonly #onChange: () => void;

  /** `open` serves the store; it is called at each start. `onChange`: somebody used it. */
  constructor(
    open: (request: ShareRequest, onUse: (use: ShareUse) => void) => Promise<Share>,
    onChange: () => void = () => {},
  ) {
    this.#open = open;
    this.#onChange = onChange;
  }

  status(): ShareStatus {
    const { address = null, port = null, readOnly = false } = this.#share ?? {};
    return { running: this.#share !== null, address, port, readOnly, recent: [...this.#recent] };
  }

  /** Starts it, or begins anew where it runs otherwise than asked. Throws `busy`. */
  start(request: ShareRequest): Promise<ShareStatus> {
    return this.#inTurn(async () => {
      const running = this.#share;
      const isSame =
        running !== null &&
        running.readOnly === request.readOnly &&
        (request.port === undefined || request.port === running.port);
      if (isSame) return;
      await this.#close();
      this.#share = await this.#open(request, (use) => this.#remember(use));
    });
  }

  stop(): Promise<ShareStatus> {
    return this.#inTurn(() => this.#close());
  }

  #remember(use: ShareUse): void {
    this.#recent = addUse(this.#recent, use);
    this.#onChange();
  }

  async #close(): Promise<void> {
    const running = this.#share;
    this.#share = null;
    await running?.close();
  }

  #inTurn(work: () => Promise<void>): Promise<ShareStatus> {
    const next = this.#tail.then(work).then(() => this.status());
    this.#tail = next.catch(() => {});
    return next;
  }
}
