import { posix } from 'node:path';
import { implement } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import { createLimiter } from '../image/limiter.ts';
import { previewRemove, removeImages } from '../operations/remove-images.ts';
import { startLoad, startSave } from '../operations/start-archive.ts';
import { startSend, startTake } from '../operations/start-exchange.ts';
import { startReadLayers } from '../operations/start-transfer.ts';
import { findEngine, requirePart } from './find-engine.ts';
import type { HostContext } from './host-context.ts';

/** Images that go to or come from other engines at the same time; the others wait. */
const EXCHANGES_AT_ONCE = 2;

/** Implements `images`. */
export function imagesApi(context: HostContext) {
  const os = implement(contract.images);
  const exchanges = { operations: context.operations, turns: createLimiter(EXCHANGES_AT_ONCE) };
  const engineOf = (id: string) => findEngine(context, id);
  const filesOf = (id: string) => requirePart(engineOf(id), 'files', 'show the files of its images');
  const comparerOf = (id: string) => requirePart(engineOf(id), 'comparer', 'compare its images');
  const changed = (engine: string): void => context.changes.emit({ topic: 'images', engine });
  return {
    list: os.list.handler(({ input, signal }) => engineOf(input.engine).images.list(signal)),
    get: os.get.handler(({ input, signal }) => engineOf(input.engine).images.get(input.ref, signal)),
    files: os.files.handler(({ input, signal }) => filesOf(input.engine).list(input, signal)),
    readLayers: os.readLayers.handler(({ input }) => {
      const reader = requirePart(engineOf(input.engine), 'layers', 'read layers from elsewhere');
      return { operationId: startReadLayers(context.operations, reader, input) };
    }),
    searchFiles: os.searchFiles.handler(({ input, signal }) => filesOf(input.engine).search(input, signal)),
    previewFile: os.previewFile.handler(({ input, signal }) => filesOf(input.engine).preview(input, signal)),
    exportFile: os.exportFile.handler(async ({ input, signal = new AbortController().signal }) => {
      const files = filesOf(input.engine);
      const { size } = await files.preview(input, signal);
      const name = posix.basename(input.path);
      return context.host.offerDownload({ name, size, open: (own) => files.open(input, own) }, signal);
    }),
    waste: os.waste.handler(({ input, signal }) =>
      requirePart(engineOf(input.engine), 'insight', 'tell what an image wastes').waste(input.ref, signal),
    ),
    compare: os.compare.handler(({ input, signal }) =>
      comparerOf(input.engine).compare(input.a, input.b, signal),
    ),
    compareFiles: os.compareFiles.handler(({ input, signal }) =>
      comparerOf(input.engine).files(input, signal),
    ),
    tag: os.tag.handler(async ({ input }) => {
      const name = withDefaultTag(parseReference(input.name));
      const previous = await engineOf(input.engine).images.tag(input.ref, name);
      changed(input.engine);
      return { name: familiarReference(name), previous };
    }),
    resolveName: os.resolveName.handler(async ({ input }) => {
      const name = withDefaultTag(parseReference(input.name));
      return { name: familiarReference(name), id: await engineOf(input.engine).images.resolve(name) };
    }),
    untag: os.untag.handler(async ({ input }) => {
      const previous = await engineOf(input.engine).images.untag(withDefaultTag(parseReference(input.name)));
      changed(input.engine);
      return { previous };
    }),
    previewRemove: os.previewRemove.handler(({ input, signal }) =>
      previewRemove(engineOf(input.engine), input.ids, signal),
    ),
    remove: os.remove.handler(async ({ input }) => {
      const outcome = await removeImages(engineOf(input.engine), input.ids, { force: input.force });
      changed(input.engine);
      return outcome;
    }),
    save: os.save.handler(({ input }) => ({
      operationId: startSave(context.operations, engineOf(input.engine), input, (download, signal) =>
        context.host.offerDownload(download, signal),
      ),
    })),
    send: os.send.handler(({ input }) => ({
      operationId: startSend(exchanges, engineOf('builtin'), engineOf(input.to), input),
    })),
    take: os.take.handler(({ input }) => ({
      operationId: startTake(exchanges, engineOf('builtin'), engineOf(input.engine), input),
    })),
    archive: os.archive.handler(({ input, signal }) => context.archives.contents(input.path, signal)),
    load: os.load.handler(({ input }) => ({
      operationId: startLoad(context.operations, engineOf('builtin'), context.grants.require(input.path)),
    })),
  };
}
