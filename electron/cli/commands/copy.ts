import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { createRegistryTransfers } from '../../engine/registry-transfers.ts';
import { BlobPrinter } from '../blob-printer.ts';
import { type Command, isSet, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata copy SRC DST`. */
export const copy: Command = {
  usage: 'copy SRC DST [--platform OS/ARCH] [--move-tag [--confirm TAG]] [--no-referrers]',
  summary: 'Copies an image with all its platforms between registries without storing it here.',
  help: [
    ['--platform OS/ARCH', 'Copy the image of this platform alone, such as linux/arm64'],
    ['--move-tag', 'Move the tag although it names other content'],
    ['--confirm TAG', 'With --move-tag, where the repository is marked as immutable: the tag, typed again'],
    ['--no-referrers', 'Leave signatures, SBOMs and attestations behind'],
  ],
  options: {
    platform: { type: 'string' },
    'move-tag': { type: 'boolean' },
    confirm: { type: 'string' },
    'no-referrers': { type: 'boolean' },
  },
  arity: [2, 2],
  run: async (input, { output, env, signal }) => {
    const [from = '', to = ''] = input.positionals;
    const core = await openCore(env);
    const transfers = createRegistryTransfers({
      open: core.registries,
      tagRules: core.tagRules,
      journal: core.store.journal,
    });
    const printer = new BlobPrinter(output);
    const copied = await transfers.copy(from, to, {
      signal,
      onBlob: printer.onBlob,
      onWait: printer.onWait,
      moveTag: isSet(input, 'move-tag'),
      confirmName: textOption(input, 'confirm'),
      platform: textOption(input, 'platform'),
      withReferrers: !isSet(input, 'no-referrers'),
    });
    output.event({ type: 'finished', ok: true, ...copied });
    const source = familiarReference(withDefaultTag(parseReference(from)));
    output.line(`${source} is copied to ${copied.reference}\n  ${copied.pinned}`);
    return undefined;
  },
};
