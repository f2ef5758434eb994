import type { ImageDetail } from '#shared/contract/images.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import type { ImageCatalog } from '../../engine/engine.ts';
import { type Command, isSet } from '../command.ts';
import { type Core, openCore } from '../core.ts';
import { viewImage } from '../viewed-image.ts';

/** `strata inspect REF`. */
export const inspect: Command = {
  usage: 'inspect REF [--remote]',
  summary: 'Shows an image: its digests, how it runs, its layers.',
  help: [
    ['REF', 'A name, a digest, an image ID or the beginning of one; or a path: ./web.tar, ./layout'],
    ['--remote', 'Look at the image at its registry, without pulling it'],
  ],
  options: { remote: { type: 'boolean' } },
  arity: [1, 1],
  run: async (input, { output, env, cwd, signal }) => {
    const core = await openCore(env);
    const [word = ''] = input.positionals;
    const { images, ref } = isSet(input, 'remote')
      ? { images: await remoteImages(core), ref: word }
      : await viewImage(core, word, cwd);
    const image = await images.get(ref, signal);
    output.event({ type: 'image', ...image });
    const { config, summary } = image;
    const rows: [string, string | null | undefined][] = [
      ['names', summary.names.join(', ') || '(untagged)'],
      ['manifest', image.manifestDigest],
      ['image ID', image.imageId],
      ['platform', summary.platform === null ? null : formatPlatform(summary.platform)],
      ['platforms', (summary.platforms ?? []).map((each) => formatPlatform(each.platform)).join(', ')],
      ['index', image.indexDigest],
      ['created', summary.createdAt === null ? null : new Date(summary.createdAt).toISOString()],
      [
        'size',
        `${formatBytes(summary.size ?? 0)} to transfer${summary.unpackedSize === null ? '' : `, ${formatBytes(summary.unpackedSize)} unpacked`}`,
      ],
      ['layers', String(image.layers.length)],
      ['base', baseText(image.base)],
      ['user', config.user],
      ['workdir', config.workingDir],
      ['entrypoint', config.entrypoint === null ? '' : JSON.stringify(config.entrypoint)],
      ['cmd', config.cmd === null ? '' : JSON.stringify(config.cmd)],
      ['ports', config.exposedPorts.join(', ')],
      ['volumes', config.volumes.join(', ')],
      ...config.env.map((line): [string, string] => ['env', line]),
      ...Object.entries(config.labels).map(([name, value]): [string, string] => [
        'label',
        `${name}=${value}`,
      ]),
    ];
    for (const [name, value] of rows) if (value) output.line(`${name.padEnd(11)} ${value}`);
    return undefined;
  },
};

/** The reference that FROM named, and what it was then. */
function baseText(base: ImageDetail['base']): string | null {
  if (base === null) return null;
  return base.digest === null ? base.name : `${base.name} ${base.digest}`;
}

async function remoteImages({ store, registries }: Core): Promise<ImageCatalog> {
  const { createRemoteEngine } = await import('../../engine/remote/remote-engine.ts');
  return createRemoteEngine(store, async () => (await registries()).client).images;
}
