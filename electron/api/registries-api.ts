import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { startCopy, startPull, startPush } from '../operations/start-transfer.ts';
import { findEngine } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Implements `registries`. */
export function registriesApi(context: HostContext) {
  const os = implement(contract.registries);
  const { accounts, certificates, transfers, browser, referrers, operations, changes } = context;
  return {
    list: os.list.handler(() => accounts.list()),
    login: os.login.handler(async ({ input, signal }) => {
      const account = await accounts.login(input, signal);
      changes.emit({ topic: 'registries' });
      return account;
    }),
    logout: os.logout.handler(async ({ input }) => {
      await accounts.logout(input.host);
      changes.emit({ topic: 'registries' });
      return {};
    }),
    checkPush: os.checkPush.handler(({ input, signal }) =>
      transfers.checkPush(findEngine(context, input.engine), input.ref, input.target, signal),
    ),
    push: os.push.handler(({ input }) => ({
      operationId: startPush(operations, transfers, findEngine(context, input.engine), input),
    })),
    repositories: os.repositories.handler(({ input, signal }) =>
      browser.repositories(input.host, { after: input.after, signal }),
    ),
    tags: os.tags.handler(({ input: { repository, query, after }, signal }) =>
      browser.tags(repository, { query, after, signal }),
    ),
    tag: os.tag.handler(({ input, signal }) =>
      browser.tag(input.reference, { onlyDigest: input.onlyDigest, signal }),
    ),
    deleteTag: os.deleteTag.handler(async ({ input: { reference, byDigest, confirmName }, signal }) => {
      await browser.deleteTag(reference, { byDigest, confirmName, signal });
      return {};
    }),
    referrers: os.referrers.handler(({ input: { reference, digest }, signal }) =>
      referrers.list(reference, { digest, signal }),
    ),
    referrer: os.referrer.handler(({ input, signal }) => referrers.open(input.reference, signal)),
    saveReferrer: os.saveReferrer.handler(
      ({ input: { reference, size, name }, signal = new AbortController().signal }) => {
        const open = (own: AbortSignal) => referrers.blob(reference, size, own);
        return context.host.offerDownload({ name, size, open }, signal);
      },
    ),
    limit: os.limit.handler(async ({ input: { host, ask }, signal }) => ({
      limit: await browser.limit(host, { ask, signal }),
    })),
    certificate: os.certificate.handler(async ({ input, signal }) => {
      const shown = await certificates.read(input.host, signal);
      return { ...shown, names: [...shown.names] };
    }),
    trust: os.trust.handler(async ({ input, signal }) => {
      await certificates.trust(input.host, input.fingerprint, signal);
      changes.emit({ topic: 'registries' });
      return {};
    }),
    trusted: os.trusted.handler(async () =>
      (await certificates.list()).map((each) => ({ ...each, names: [...each.names] })),
    ),
    distrust: os.distrust.handler(async ({ input }) => {
      await certificates.distrust(input.host);
      changes.emit({ topic: 'registries' });
      return {};
    }),
    inspect: os.inspect.handler(({ input, signal }) => context.remote.images.get(input.reference, signal)),
    checkCopy: os.checkCopy.handler(async ({ input: { from, to, platform }, signal }) => {
      const detail = await context.remote.images.get(from, signal);
      return transfers.checkCopy(from, to, { platform, detail, signal });
    }),
    copy: os.copy.handler(({ input }) => {
      const detail = (signal: AbortSignal) => context.remote.images.get(input.from, signal);
      return { operationId: startCopy(operations, transfers, { ...input, detail }) };
    }),
    pull: os.pull.handler(({ input }) => ({
      operationId: startPull(operations, transfers, findEngine(context, input.engine), input),
    })),
  };
}
