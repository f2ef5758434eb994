import type { Reason } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import { type CacheFields, cacheKey, withoutCredentials } from '../cache/cache-key.ts';
import type { Evictions } from '../cache/evictions.ts';
import { type ExplainInput, explainMiss } from '../cache/explain.ts';
import { closestMatch, type PastBuild, type PastStep } from '../cache/history.ts';
import {
  compareListings,
  type ListedSource,
  type ListingStore,
  type TellListing,
} from '../cache/source-listing.ts';
import type { StepCache, StepRecord } from '../cache/step-cache.ts';
import type { PlanStage, PlanStep } from '../plan/build-plan.ts';
import { alikeLayers, overAlike } from '../shared-cache/alike-layers.ts';
import type { SharedCaches, SharedHit } from '../shared-cache/shared-caches.ts';
import type { PreparedStep } from '../steps/prepared-step.ts';
import { chainOf, type StageState } from '../steps/stage-state.ts';
import type { StepContext } from '../steps/step-context.ts';
import { notReached, StageFails } from './stage-fails.ts';
import type { StepReport } from './step-report.ts';

/** What is needed to decide between hit and miss. */
export interface SolveCache {
  readonly steps: StepCache;
  readonly listings: ListingStore;
  readonly evictions: Evictions;
  readonly past: readonly PastBuild[];
  /** What other machines built; null where none was asked for. */
  readonly shared: SharedCaches | null;
  /** Layers that this build has made or makes now, by cache key: what another stage needs, too, is made once. */
  readonly making: Map<string, { readonly stage: PlanStage; readonly record: Promise<StepRecord> }>;
  /**
   * Keys of settings that this build is the first to know. The same line elsewhere in it is as new, and told so whichever
   * comes first: nothing was kept from it.
   */
  readonly newSettings: Set<string>;
  /** Whether steps of a stage are built anew whatever the cache holds. */
  skips(stage: PlanStage): boolean;
  /** Whether the layer of a record can still be used; marks it as wanted. */
  isUsable(record: StepRecord): Promise<boolean>;
}

export interface SolveOptions {
  /** False: nothing is made, the outcome of each step is foreseen. */
  readonly build: boolean;
  readonly cache: SolveCache;
  readonly report: StepReport;
}

/** The stage after a step, whether the step was made anew, and whether it may have changed files then. */
export interface SolvedStep {
  readonly state: StageState;
  readonly rebuilt: boolean;
  readonly touchedFiles: boolean;
}

/**
 * Carries out one step on a stage, or foresees it: looks it up, else explains the miss and makes it.
 * `rebuiltParent` names the earlier step that was rebuilt, for words.
 */
export async function solveStep(
  step: PlanStep,
  state: StageState,
  rebuiltParent: string | null,
  prepare: () => PreparedStep | Promise<PreparedStep>,
  context: StepContext,
  options: SolveOptions,
): Promise<SolvedStep> {
  const started = performance.now();
  const { report, build } = options;
  let reasons: readonly Reason[] = [];
  const took = () => performance.now() - started;
  try {
    context.signal.throwIfAborted();
    if (build) report.set(step, { status: 'running', ms: 0, size: 0, reasons });
    const prepared = await prepare();
    const decided = await decide(step, prepared, state, rebuiltParent, options);
    reasons = decided.reasons;
    const alike = (made: LayerRecord | null) =>
      alikeLayers(options.cache.shared, step.instruction.keyword, state, decided.fields, made);
    const made = build && decided.record === null ? madeElsewhere(step, decided.key, options) : null;
    // Without a pause where nobody makes it: of two that ask at the same time the second must find the first.
    const hit = decided.record ?? (made === null ? null : await waitFor(made, step, options));
    if (hit !== null) {
      const { layer, ms } = hit;
      report.keep(step, hit);
      report.set(step, {
        status: 'hit',
        ms: took(),
        size: layer?.size ?? 0,
        reasons,
        savedMs: ms,
        layer: layer?.digest,
      });
      return {
        state: { ...advance(state, prepared, hit, context.epoch), alike: alike(hit.layer) },
        rebuilt: false,
        touchedFiles: false,
      };
    }
    const touchedFiles = prepared.makeLayer !== undefined || prepared.unknown !== undefined;
    if (!build) {
      report.set(step, { status: 'miss', ms: 0, size: 0, reasons });
      return { state: foresee(state, prepared), rebuilt: true, touchedFiles };
    }
    report.set(step, { status: 'running', ms: 0, size: 0, reasons });
    const making = make(prepared, state, decided, started, options);
    if (prepared.makeLayer !== undefined && decided.key !== null)
      options.cache.making.set(decided.key, { stage: step.stage, record: making });
    const record = await making;
    const { layer } = record;
    report.keep(step, record);
    report.set(step, { status: 'miss', ms: took(), size: layer?.size ?? 0, reasons, layer: layer?.digest });
    const next = { ...advance(state, prepared, record, context.epoch), alike: alike(layer) };
    return { state: next, rebuilt: true, touchedFiles };
  } catch (error) {
    if (!build && error instanceof StageFails) report.skip(step, notReached(error));
    if (!build && isForeseen(error, context)) {
      const { message, hint } = error;
      report.set(step, { status: 'failed', ms: 0, size: 0, reasons, error: { message, hint } });
      throw new StageFails(`line ${step.line}, ${step.display},`);
    }
    if (error instanceof StageFails) throw error;
    const exitCode =
      error instanceof AppError && error.detail?.kind === 'step' ? error.detail.exitCode : undefined;
    const status = isCancelled(error) || context.signal.aborted ? 'cancelled' : 'failed';
    report.set(step, { status, ms: took(), size: 0, reasons, exitCode });
    throw atStep(error, step, context);
  }
}

/** Whether an error of a prediction is what the build itself would fail with at this step. */
function isForeseen(error: unknown, { signal }: StepContext): error is AppError {
  return (
    error instanceof AppError && error.code !== 'cancelled' && error.code !== 'internal' && !signal.aborted
  );
}

/** What another stage of this build, or of another platform, makes just the same: waited for instead of made again. */
function madeElsewhere(
  step: PlanStep,
  key: string | null,
  { cache }: SolveOptions,
): Promise<StepRecord> | null {
  const made = key === null ? undefined : cache.making.get(key);
  return made === undefined || made.stage === step.stage ? null : made.record;
}

async function waitFor(
  made: Promise<StepRecord>,
  step: PlanStep,
  { report }: SolveOptions,
): Promise<StepRecord> {
  const started = performance.now();
  const record = await report.whileWaiting(step, () => made);
  report.addWait(step, performance.now() - started);
  return record;
}

/** The stage after a step that is not made: its settings are known, its files only if it changes none. */
function foresee(state: StageState, prepared: PreparedStep): StageState {
  const known = prepared.makeLayer === undefined && prepared.unknown === undefined;
  return { ...prepared.apply(state), chain: known ? state.chain : null };
}

async function make(
  prepared: PreparedStep,
  state: StageState,
  { key, pastKey }: Decided,
  started: number,
  { cache }: SolveOptions,
): Promise<StepRecord> {
  if (prepared.makeLayer === undefined && key !== null) cache.newSettings.add(key);
  const earlier = pastKey === null ? null : await cache.steps.peek(pastKey);
  const layer = (await prepared.makeLayer?.(state, earlier?.layer ?? null)) ?? null;
  const ms = Math.round(performance.now() - started);
  const record: StepRecord = { key: key ?? '', layer, builtAt: Date.now(), ms };
  await keepResult(cache, prepared, record);
  return record;
}

async function keepResult(
  { listings, steps }: SolveCache,
  { listing, fields }: PreparedStep,
  record: StepRecord,
): Promise<void> {
  if (listing !== null) await listings.save(fields.sources ?? '', listing);
  await steps.put(record);
}

interface Decided {
  /** All of them, `parent` too where it is known. */
  readonly fields: CacheFields;
  readonly key: string | null;
  readonly record: StepRecord | null;
  readonly reasons: readonly Reason[];
  /** The key that the step had in the earlier build it is compared with. */
  readonly pastKey: string | null;
}

async function decide(
  step: PlanStep,
  prepared: PreparedStep,
  state: StageState,
  rebuiltParent: string | null,
  { cache, report, build }: SolveOptions,
): Promise<Decided> {
  const parent = prepared.standsAlone === true ? 'any' : state.chain;
  const known = parent !== null && prepared.unknown === undefined;
  const shown = withoutCredentials(prepared.fields);
  const fields = parent === null ? shown : { ...shown, parent };
  const key = known ? cacheKey(fields) : null;
  const self = {
    stage: step.stage.label,
    ...(step.stage.platform === null ? {} : { platform: step.stage.platform }),
    position: step.position,
    keyword: step.instruction.keyword,
    source: step.display,
    fields,
  };
  report.remember(step, { ...self, key });
  const noCache = cache.skips(step.stage);
  const decided = { fields, key, pastKey: null };
  const found = key === null || noCache ? null : await earlierRecord(cache, key);
  if (found !== null && (await cache.isUsable(found))) return { ...decided, record: found, reasons: [] };
  const shared = key === null || noCache ? null : findShared(cache.shared, state, key, fields);
  if (shared !== null) {
    // A prediction looks at what the layer holds, but keeps nothing.
    await shared.take(async (record) => {
      if (build) await keepResult(cache, prepared, record);
    });
    return { ...decided, record: shared.record, reasons: [shared.reason] };
  }
  const compared = await compareWith(cache, self, prepared);
  const { past } = compared;
  // What is not known yet is told as such, not as changed.
  const unknown = prepared.unknown === undefined ? {} : unknownFields(past?.fields);
  const missed = explainMiss({
    ...compared,
    keyword: step.instruction.keyword,
    fields: { ...compared.fields, ...unknown },
    rebuiltParent,
    noCache,
    eviction: key === null ? null : await cache.evictions.find(key),
  });
  const reasons = build || noCache ? missed : [...missed, ...(cache.shared?.unknown ?? [])];
  const pastKey = past?.key ?? null;
  if (prepared.unknown === undefined || noCache) return { fields, key, record: null, reasons, pastKey };
  return {
    fields,
    key,
    pastKey,
    record: null,
    reasons: [
      { kind: step.position === 0 ? 'base-unknown' : 'source-changed', detail: prepared.unknown },
      ...reasons.filter(isNotEvicted),
    ],
  };
}

/** What earlier builds left, and of this one what took work. */
async function earlierRecord({ steps, newSettings }: SolveCache, key: string): Promise<StepRecord | null> {
  const found = await steps.get(key);
  return newSettings.has(key) ? null : found;
}

/** What a shared cache has over the layers of the stage, or over the same files with other times. */
function findShared(
  shared: SharedCaches | null,
  { alike }: StageState,
  key: string,
  fields: CacheFields,
): SharedHit | null {
  const found = shared?.find(key, fields) ?? null;
  return found ?? (alike === undefined ? null : (shared?.find(key, overAlike(fields, alike)) ?? null));
}

/** The closest earlier step: of this machine, or of a shared cache where that one is closer. */
async function compareWith(
  cache: SolveCache,
  self: Omit<PastStep, 'key'>,
  { listing }: PreparedStep,
): Promise<Pick<ExplainInput, 'fields' | 'past' | 'changes' | 'shared'>> {
  const own = closestMatch(cache.past, self);
  const theirs = cache.shared?.closest(self) ?? null;
  if (theirs !== null && theirs.distance < (own?.distance ?? Number.POSITIVE_INFINITY)) {
    const { title, source, fields, past } = theirs;
    const isSame = listing === null || past.fields.sources === fields.sources;
    const changes = await compareWithPast(isSame ? null : await theirs.listing(), listing);
    return { fields, past, changes, shared: { title, source } };
  }
  const sources = own?.past.fields.sources;
  const isSame = listing === null || sources === undefined || sources === self.fields.sources;
  const changes = await compareWithPast(isSame ? null : await cache.listings.read(sources), listing);
  return { fields: self.fields, past: own?.past ?? null, changes };
}

async function compareWithPast(
  before: Iterable<ListedSource> | null,
  after: TellListing | null,
): Promise<ExplainInput['changes']> {
  return before === null || after === null ? null : compareListings(before, after);
}

/** The fields that a prediction may not know, as they were. */
function unknownFields(past: CacheFields | undefined): Record<string, string> {
  const known = ['sources', 'base'] as const;
  return Object.fromEntries(
    known.flatMap((name) => (past?.[name] === undefined ? [] : [[name, past[name]]])),
  );
}

/** "Evicted" is what is left when nothing differs; with an unknown source that is not so. */
function isNotEvicted(reason: Reason): boolean {
  return reason.kind !== 'evicted';
}

/** The stage after a step, whose record says what it made and when; `epoch`, in seconds, stands for when. */
function advance(
  state: StageState,
  prepared: PreparedStep,
  record: StepRecord,
  epoch: number | null,
): StageState {
  const next = prepared.apply(state);
  const layers = record.layer === null ? next.layers : [...next.layers, record.layer];
  return {
    ...next,
    layers,
    chain: record.layer === null || next.chain === null ? next.chain : chainOf(layers),
    builtAt: record.builtAt,
    history: [
      ...next.history,
      {
        created: new Date(epoch === null ? record.builtAt : epoch * 1000).toISOString(),
        createdBy: prepared.createdBy,
        comment: 'strata',
        ...(record.layer === null ? { emptyLayer: true } : {}),
      },
    ],
  };
}

/** Gives an error that knows no place the place of its step, so that it can be shown in the source. */
function atStep(error: unknown, step: PlanStep, context: StepContext): unknown {
  if (!(error instanceof AppError) || error.code === 'cancelled') return error;
  if (error.detail !== undefined && error.detail.kind !== 'path') return error;
  const detail = { kind: 'source', path: context.dockerfile.path, range: step.instruction.range } as const;
  return new AppError(error.code, error.message, { hint: error.hint, detail, cause: error });
}
