import { formatBytes } from '#shared/format/bytes.ts';
import { formatPlatform, parsePlatform, samePlatform } from '#shared/oci/platform.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { pullIntoStore } from '../../engine/builtin/pull.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import { missingHelperNotice } from '../../registry/credentials/missing-helpers.ts';
import { BlobPrinter } from '../blob-printer.ts';
import { type Command, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata pull REF`. */
export const pull: Command = {
  usage: 'pull REF [--platform P]',
  summary: 'Pulls an image into the store; what is there already is not fetched again.',
  help: [['--platform P', 'Such as linux/arm64 (default: this machine’s)']],
  options: { platform: { type: 'string' } },
  arity: [1, 1],
  run: async (input, { output, env, signal }) => {
    const reference = withDefaultTag(parseReference(input.positionals[0] ?? ''));
    const asked = textOption(input, 'platform');
    const core = await openCore(env);
    const { client } = await core.registries();
    const printer = new BlobPrinter(output);
    const options = {
      signal,
      platform: asked === undefined ? hostPlatform() : parsePlatform(asked),
      onBlob: printer.onBlob,
      onWait: printer.onWait,
    };
    const image = await pullIntoStore(core.store, client, reference, options);
    const size = image.layers.reduce((sum, layer) => sum + layer.size, 0);
    output.event({
      type: 'finished',
      ok: true,
      reference: familiarReference(reference),
      digest: image.digest,
      imageId: image.configDigest,
      size,
      platform: formatPlatform(image.platform),
    });
    output.line(
      `Pulled ${familiarReference(reference)}, ${formatBytes(size)} in ${image.layers.length} layers`,
    );
    output.line(`  ${image.digest}`);
    if (!samePlatform(image.platform, options.platform))
      output.note(
        `It is for ${formatPlatform(image.platform)}; the image is not there for ${formatPlatform(options.platform)}.`,
      );
    const missing = client.missingHelper(reference.domain);
    if (missing !== undefined) output.note(missingHelperNotice(missing, reference.domain));
    return undefined;
  },
};
