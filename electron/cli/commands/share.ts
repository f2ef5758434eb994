import { join } from 'node:path';
import type { ShareUse } from '#shared/contract/share.ts';
import { isImmutable } from '#shared/oci/immutable-tags.ts';
import { createErrorLog } from '../../platform/error-log.ts';
import { startShare } from '../../share/start-share.ts';
import { type Command, isSet } from '../command.ts';
import { openCore } from '../core.ts';
import { readPort } from '../read-port.ts';

/** `strata share`. */
export const share: Command = {
  usage: 'share [--port N] [--read-only]',
  summary:
    'Serves the store to Docker, Podman and other tools of this machine as a registry on 127.0.0.1, until Ctrl-C.',
  help: [
    ['--port N', 'Port to listen on (default: 7421, or a free one)'],
    ['--read-only', 'Give images and take none'],
  ],
  options: { port: { type: 'string' }, 'read-only': { type: 'boolean' } },
  arity: [0, 0],
  run: async (input, { output, env, signal }) => {
    const core = await openCore(env);
    const report = createErrorLog(join(core.home, 'errors.log'), (text) => output.note(text));
    const readOnly = isSet(input, 'read-only');
    const running = await startShare(core.store, {
      port: readPort(input),
      readOnly,
      isImmutable: async (name) => isImmutable((await core.tagRules()).immutable, name),
      onUse: (use) => {
        output.event({ type: use.act, ...use });
        output.line(describeUse(use));
      },
      report,
    });
    try {
      output.event({ type: 'sharing', address: running.address, port: running.port, readOnly });
      output.line(`The store is shared at ${running.address}${readOnly ? ', read-only' : ''}.`);
      output.line(`  docker pull ${running.address}/NAME:TAG`);
      output.line(`  podman pull --tls-verify=false ${running.address}/NAME:TAG`);
      output.line('Ctrl-C ends it.');
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    } finally {
      await running.close();
    }
    return undefined;
  },
};

const ACTS: Readonly<Record<ShareUse['act'], string>> = {
  pull: 'pulled',
  push: 'pushed',
  untag: 'untagged',
};

function describeUse({ client, act, repository, selector }: ShareUse): string {
  const name = `${repository}${selector.includes(':') ? '@' : ':'}${selector}`;
  return `${client === '' ? 'Somebody' : client} ${ACTS[act]} ${name}`;
}
