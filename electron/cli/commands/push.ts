import { familiarReference, parseReference, repositoryName, withDefaultTag } from '#shared/oci/reference.ts';
import { pushFromStore } from '../../engine/builtin/push.ts';
import { carryReferrers } from '../../registry/copy-referrers.ts';
import { BlobPrinter } from '../blob-printer.ts';
import { catalogOf } from '../catalog.ts';
import { type Command, isSet, textOption } from '../command.ts';
import { openCore } from '../core.ts';

/** `strata push REF`. */
export const push: Command = {
  usage: 'push REF [--to REF] [--move-tag [--confirm TAG]] [--referrers]',
  summary:
    'Pushes an image to the registry that its name says. A tag that names other content there is not moved unless told.',
  help: [
    ['--to REF', 'Push it under another name'],
    ['--move-tag', 'Move the tag although it names other content'],
    ['--confirm TAG', 'With --move-tag, where the repository is marked as immutable: the tag, typed again'],
    ['--referrers', 'Bring signatures, SBOMs and attestations along from the other places of the image'],
  ],
  options: {
    to: { type: 'string' },
    'move-tag': { type: 'boolean' },
    confirm: { type: 'string' },
    referrers: { type: 'boolean' },
  },
  arity: [1, 1],
  run: async (input, { output, env, signal }) => {
    const source = input.positionals[0] ?? '';
    const target = withDefaultTag(parseReference(textOption(input, 'to') ?? source));
    const core = await openCore(env);
    const { client } = await core.registries();
    const printer = new BlobPrinter(output);
    const descriptor = await pushFromStore(core.store, client, source, target, {
      signal,
      onBlob: printer.onBlob,
      onWait: printer.onWait,
      moveTag: isSet(input, 'move-tag'),
      confirmName: textOption(input, 'confirm'),
      ...(await core.tagRules()),
    });
    if (isSet(input, 'referrers')) {
      const { summary } = await catalogOf(core).get(source, signal);
      const places = summary.names.map(parseReference);
      const report = { signal, onBlob: printer.onBlob };
      await carryReferrers(client, places, target, [descriptor.digest], report);
    }
    const reference = familiarReference(target);
    const pinned = `${repositoryName(target)}@${descriptor.digest}`;
    output.event({ type: 'finished', ok: true, reference, digest: descriptor.digest, pinned });
    output.line(`Pushed ${reference}\n  ${pinned}`);
    return undefined;
  },
};
