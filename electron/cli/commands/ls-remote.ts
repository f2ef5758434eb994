import type { RemoteTag } from '#shared/contract/registries.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import type { RegistryBrowser } from '../../engine/ports.ts';
import { createRegistryBrowser } from '../../engine/remote/registry-browser.ts';
import { type Command, type CommandContext, isSet, textOption } from '../command.ts';
import { openCore } from '../core.ts';
import { formatTable } from '../output.ts';

/** `strata ls-remote REPO`. */
export const lsRemote: Command = {
  usage: 'ls-remote REPO [--query TEXT] [--long] | ls-remote HOST/',
  summary: 'Lists the tags of a repository, or the repositories of a registry that lists them.',
  help: [
    ['REPO', 'A repository such as ghcr.io/acme/web; HOST/ with a slash at its end lists repositories'],
    ['--query TEXT', 'Only tags that hold this text'],
    ['-l, --long', 'With digest, size, age and platforms; reads each manifest that is not known yet'],
  ],
  options: { query: { type: 'string' }, long: { type: 'boolean', short: 'l' } },
  arity: [1, 1],
  run: async (input, context) => {
    const text = input.positionals[0] ?? '';
    const core = await openCore(context.env);
    const browser = createRegistryBrowser({
      store: core.store,
      client: async () => (await core.registries()).client,
      tagRules: core.tagRules,
    });
    if (text.endsWith('/')) await listRepositories(browser, text.slice(0, -1), context);
    else if (isSet(input, 'long')) await listLong(browser, text, textOption(input, 'query'), context);
    else {
      for await (const tag of tagsOf(browser, text, textOption(input, 'query'), context.signal)) {
        context.output.event({ type: 'tag', tag });
        context.output.line(tag);
      }
    }
    return undefined;
  },
};

async function listRepositories(
  browser: RegistryBrowser,
  host: string,
  { output, signal }: CommandContext,
): Promise<void> {
  for (let after: string | undefined; ; ) {
    const { repositories, next } = await browser.repositories(host, { after, signal });
    for (const repository of repositories) {
      output.event({ type: 'repository', repository });
      output.line(repository);
    }
    if (next === null) return;
    after = next;
  }
}

async function* tagsOf(
  browser: RegistryBrowser,
  repository: string,
  query: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const page = await browser.tags(repository, { query, after, signal });
    yield* page.tags;
    if (page.next === null) return;
    after = page.next;
  }
}

async function listLong(
  browser: RegistryBrowser,
  repository: string,
  query: string | undefined,
  { output, signal }: CommandContext,
): Promise<void> {
  const rows: string[][] = [];
  for await (const tag of tagsOf(browser, repository, query, signal)) {
    const found = await browser.tag(`${repository}:${tag}`, { onlyDigest: false, signal });
    output.event({ type: 'tag', tag, ...found });
    rows.push(rowOf(tag, found));
  }
  for (const line of formatTable(['TAG', 'DIGEST', 'SIZE', 'CREATED', 'PLATFORMS'], rows, new Set([2])))
    output.line(line);
}

function rowOf(tag: string, { digest, size, createdAt, platforms }: RemoteTag): string[] {
  return [
    tag,
    shortDigest(digest),
    size === null ? '-' : formatBytes(size),
    createdAt === null ? '-' : new Date(createdAt).toISOString().slice(0, 10),
    platforms.map(({ platform }) => formatPlatform(platform)).join(', ') || '-',
  ];
}
