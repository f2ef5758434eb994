import type { ImageDetail } from '#shared/contract/images.ts';
import type { PushCheck } from '#shared/contract/registries.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { isImmutable } from '#shared/oci/immutable-tags.ts';
import { type Platform, parsePlatform } from '#shared/oci/platform.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
  type Reference,
  repositoryName,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import { checkPush, type PushSubject } from '../registry/check-push.ts';
import type { RegistryClient } from '../registry/client.ts';
import { copyBetweenRegistries, fetchWanted } from '../registry/copy.ts';
import { carryReferrers } from '../registry/copy-referrers.ts';
import type { CredentialLookup } from '../registry/credentials/credential.ts';
import { missingHelperNotice, rethrowWithHelper } from '../registry/credentials/missing-helpers.ts';
import { headAnywhere } from '../registry/head-anywhere.ts';
import { withWaitsTold } from '../registry/with-defaults.ts';
import type { TagJournal } from '../store/tag-journal.ts';
import type { Engine, NativeTransfer } from './engine.ts';
import type { RegistryTransfers, TransferReport } from './ports.ts';
import { type TagRules, watchTag } from './tag-guard.ts';

/** What transfers between engines and registries work with. */
export interface TransferOptions {
  /** Opens the registries; asked at each use. */
  open(): Promise<{ readonly client: RegistryClient; readonly keychain: CredentialLookup }>;
  /** Which tags move freely and which not, as Settings has it now. */
  tagRules(): Promise<Pick<TagRules, 'floating' | 'immutable'>>;
  /** Where moves of tags are written down. */
  readonly journal: Pick<TagJournal, 'append' | 'list'>;
}

/** Pushes and pulls by each engine's own way, with one rule for all: a tag does not move unless it is told to. */
export function createRegistryTransfers(options: TransferOptions): RegistryTransfers {
  return {
    checkPush: async (engine, ref, target, signal) => {
      const opened = await options.open();
      const subject = await readSubject(engine, ref, signal);
      return checkTarget(options, opened, subject, target, signal);
    },
    push: async (
      engine,
      ref,
      target,
      { onLabels, moveTag, movesFrom, confirmName, withReferrers, ...report },
    ) => {
      const { signal } = report;
      const transfer = requireTransfer(engine);
      const reference = pushTarget(target);
      const detail = await engine.images.get(ref, signal);
      const sent = [detail, ...(await otherPlatforms(engine, detail, signal))];
      onLabels(new Map(sent.flatMap((image) => [...labelsOf(image)])));
      const { client, keychain } = await options.open();
      const rules = { ...(await options.tagRules()), moveTag, movesFrom, confirmName };
      const wanted = detail.indexDigest ?? detail.manifestDigest;
      const tag = await watchTag(withWaitsTold(client, report), reference, wanted, rules, signal);
      const sending = transfer.push(ref, reference, { ...report, beforeTag: tag.beforeTag });
      const { digest } = await sending.catch(rethrowWithHelper(keychain, reference.domain));
      const name = canonicalReference(reference);
      await options.journal.append({ name, host: reference.domain, from: tag.from, to: digest, by: 'push' });
      if (withReferrers) await bringReferrers(client, sent, reference, digest, report);
      const pinned = `${repositoryName(reference)}@${digest}`;
      return { reference: familiarReference(reference), digest, pinned };
    },
    pull: async (engine, reference, report) => {
      const named = withDefaultTag(parseReference(reference));
      const { client, keychain } = await options.open();
      const coming = requireTransfer(engine).pull(named, report);
      const { digest } = await coming.catch(rethrowWithHelper(keychain, named.domain));
      const pulled = { reference: familiarReference(named), digest };
      const missing = client.missingHelper(named.domain);
      if (missing === undefined) return pulled;
      return { ...pulled, notice: missingHelperNotice(missing, named.domain) };
    },
    checkCopy: async (from, to, { platform, detail, signal }) => {
      const { client, keychain } = await options.open();
      const source = withDefaultTag(parseReference(from));
      const digest = await copiedDigest(client, source, platform, signal);
      return checkTarget(options, { client, keychain }, { ...subjectOf(detail), digest }, to, signal);
    },
    copy: (from, to, copy) => copyTag(options, from, to, copy),
  };
}

async function checkTarget(
  { tagRules, journal }: TransferOptions,
  { client, keychain }: Awaited<ReturnType<TransferOptions['open']>>,
  subject: PushSubject,
  target: string,
  signal: AbortSignal | undefined,
): Promise<PushCheck> {
  const { floating, immutable } = await tagRules();
  const reference = pushTarget(target);
  const asked = { credentials: keychain, floatingTags: floating, signal };
  const check = await checkPush(client, subject, reference, asked);
  const remote = await withPushTime(journal, reference, check.remote);
  return { ...check, remote, immutable: isImmutable(immutable, reference) };
}

/** Registries do not tell when a tag was pushed; the journal does of what Strata pushed. */
async function withPushTime(
  journal: TransferOptions['journal'],
  reference: Reference,
  remote: PushCheck['remote'],
): Promise<PushCheck['remote']> {
  if (remote.state !== 'different') return remote;
  const moves = await journal.list({ name: canonicalReference(reference) });
  const last = moves.find(({ host }) => host !== null);
  return { ...remote, pushedAt: last?.to === remote.digest ? last.time : null };
}

async function copyTag(
  options: TransferOptions,
  from: string,
  to: string,
  {
    moveTag,
    movesFrom,
    confirmName,
    withReferrers,
    platform,
    ...report
  }: Parameters<RegistryTransfers['copy']>[2],
): ReturnType<RegistryTransfers['copy']> {
  const { signal, onBlob, wake } = report;
  const client = withWaitsTold((await options.open()).client, report);
  const source = withDefaultTag(parseReference(from));
  const target = pushTarget(to);
  const wanted = await copiedDigest(client, source, platform, signal);
  const rules = { ...(await options.tagRules()), moveTag, movesFrom, confirmName };
  const tag = await watchTag(client, target, wanted, rules, signal);
  const { beforeTag } = tag;
  const asked = { signal, onBlob, wake, beforeTag, withReferrers, platform: readPlatform(platform) };
  const { digest } = await copyBetweenRegistries(client, source, target, asked);
  const name = canonicalReference(target);
  await options.journal.append({ name, host: target.domain, from: tag.from, to: digest, by: 'copy' });
  return { reference: familiarReference(target), digest, pinned: `${repositoryName(target)}@${digest}` };
}

/** What was attached to the image in the other repositories that it is named after goes where it went. */
async function bringReferrers(
  client: RegistryClient,
  images: readonly ImageDetail[],
  target: Reference,
  digest: string,
  options: Pick<TransferReport, 'signal' | 'onBlob'>,
): Promise<void> {
  const names = images.flatMap(({ summary }) => summary.names).map(parseReference);
  const own = images.flatMap(({ manifestDigest }) => (manifestDigest === null ? [] : [manifestDigest]));
  const subjects = [...new Set([digest, ...own])].map(parseDigest);
  try {
    await carryReferrers(client, names, target, subjects, options);
  } catch (error) {
    if (!(error instanceof AppError) || isCancelled(error)) throw error;
    throw new AppError(
      error.code,
      `The image is pushed; what was attached to it could not be brought along: ${error.message}`,
      { hint: error.hint, detail: error.detail, cause: error },
    );
  }
}

/** What the target of a copy will name. */
async function copiedDigest(
  client: RegistryClient,
  source: Reference,
  platform: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Digest> {
  const wanted =
    platform === undefined
      ? await headAnywhere(client, source, signal)
      : (await fetchWanted(client, source, { platform: readPlatform(platform), signal })).root;
  if (wanted !== null) return wanted.digest;
  throw new AppError('not-found', `${familiarReference(source)} is not at its registry.`, {
    hint: 'Check the spelling of the name and the tag.',
  });
}

function readPlatform(text: string | undefined): Platform | undefined {
  return text === undefined ? undefined : parsePlatform(text);
}

function pushTarget(text: string): Reference & { readonly tag: string } {
  const reference = parseReference(text);
  if (reference.digest === undefined) return { ...reference, tag: reference.tag ?? 'latest' };
  throw new AppError(
    'invalid-input',
    `${canonicalReference(reference)} is a digest, and a push needs a tag.`,
    {
      hint: 'Leave out what follows the @.',
    },
  );
}

function requireTransfer(engine: Engine): NativeTransfer {
  if (engine.transfer !== undefined) return engine.transfer;
  throw new AppError('unsupported', `${engine.name} cannot push or pull.`, {
    detail: { kind: 'engine', engine: engine.id },
  });
}

/** What a push of `ref` sends: of an index the layers of all its images, each once. */
async function readSubject(engine: Engine, ref: string, signal?: AbortSignal): Promise<PushSubject> {
  const detail = await engine.images.get(ref, signal);
  const all = [detail, ...(await otherPlatforms(engine, detail, signal))].flatMap(({ layers }) => layers);
  const layers = [...new Map(all.map((layer) => [layer.digest, layer])).values()];
  return subjectOf({ ...detail, layers: detail.indexDigest === undefined ? detail.layers : layers });
}

/** The other images of the index that was asked for. */
async function otherPlatforms(
  engine: Engine,
  { indexDigest, summary }: ImageDetail,
  signal: AbortSignal | undefined,
): Promise<ImageDetail[]> {
  if (indexDigest === undefined) return [];
  const others = (summary.platforms ?? []).filter(({ id }) => id !== summary.id);
  return Promise.all(others.map(({ id }) => engine.images.get(id, signal)));
}

function subjectOf({ indexDigest, manifestDigest, layers, base }: ImageDetail): PushSubject {
  return {
    digest: indexDigest ?? manifestDigest,
    baseName: base?.name ?? null,
    totalBytes: layers.reduce((sum, layer) => sum + layer.size, 0),
    layers: layers.map(({ digest, createdBy, size, base }) => ({ digest, label: createdBy, size, base })),
  };
}

/** What a person reads beside each layer. An engine may tell its progress by its digest or, as Docker does, by its diffID. */
export function labelsOf({ layers }: ImageDetail): ReadonlyMap<string, string> {
  return new Map(
    layers.flatMap(({ digest, diffId, createdBy }) => [
      [digest, createdBy],
      [diffId, createdBy],
    ]),
  );
}
