import type { StrataClient } from '#renderer/client/client.ts';
import type { ShareStatus } from '#shared/contract/share.ts';

const RECENT: ShareStatus['recent'] = [
  {
    at: Date.now() - 65_000,
    act: 'push',
    client: 'docker/28.2.2',
    repository: 'acme/web',
    selector: '1.4.3',
    digest: `sha256:${'4'.repeat(64)}`,
  },
];

/** An invented share: it only remembers whether it is on. */
export function createFakeShare(onChange: () => void): StrataClient['share'] {
  const off: ShareStatus = { running: false, address: null, port: null, readOnly: false, recent: [] };
  let status = off;
  const become = (next: ShareStatus): ShareStatus => {
    status = next;
    onChange();
    return status;
  };
  return {
    status: async () => status,
    start: async ({ port = 7421, readOnly = false }) =>
      become({ running: true, address: `127.0.0.1:${port}`, port, readOnly, recent: RECENT }),
    stop: async () => become(off),
  };
}
