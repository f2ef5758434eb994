import type { Reason } from '#shared/contract/projects.ts';
import type { CacheFields } from './cache-key.ts';
import { isSecretName } from './cache-key.ts';
import type { PastStep } from './history.ts';
import type { ListingChange } from './source-listing.ts';

/** What an explanation compares: the step now, and its closest earlier self. */
export interface ExplainInput {
  readonly keyword: string;
  readonly fields: CacheFields;
  readonly past: PastStep | null;
  /** The step before that was rebuilt, as `line 3: COPY . .`; null when none was. */
  readonly rebuiltParent: string | null;
  readonly noCache: boolean;
  /** What became of its sources since then, by path; null where it has none, or they are not known any more. */
  readonly changes: readonly ListingChange[] | null;
  /** When and by what the earlier result was removed, where that is known. */
  readonly eviction: { readonly at: number; readonly by: string } | null;
  /** Set where `past` is of a shared cache, whose fields hold no values: its name, and the instruction's text now. */
  readonly shared?: { readonly title: string; readonly source: string } | undefined;
}

const SIMPLE: Readonly<Record<string, { kind: string; title: string }>> = {
  platform: { kind: 'platform-changed', title: 'The platform' },
  user: { kind: 'user-changed', title: 'The user' },
  workdir: { kind: 'workdir-changed', title: 'The working directory' },
  shell: { kind: 'shell-changed', title: 'The shell' },
  network: { kind: 'network-changed', title: 'The network mode' },
  epoch: { kind: 'argument-changed', title: 'SOURCE_DATE_EPOCH' },
};

/** Why a step is not taken from the cache: at least one reason, the strongest first. */
export function explainMiss(input: ExplainInput): Reason[] {
  const { past } = input;
  if (input.noCache) return [{ kind: 'cache-off', detail: 'The cache is turned off for this build.' }];
  if (past === null) return [firstTime(input)];
  const reasons = [
    ...instructionReasons(input, past),
    ...fieldReasons(input, past),
    ...variableReasons(input, past.fields),
  ];
  const parentMoved = input.fields.parent === undefined || input.fields.parent !== past.fields.parent;
  if (input.rebuiltParent !== null && parentMoved) {
    reasons.push({ kind: 'parent-rebuilt', detail: `An earlier step is rebuilt (${input.rebuiltParent}).` });
  } else if (parentMoved && reasons.length === 0) {
    reasons.push({
      kind: 'parent-rebuilt',
      detail: 'The file system that this step starts from is another one than before.',
    });
  }
  return withOrigin(reasons.length > 0 ? reasons : [evicted(input)], input);
}

/** Says what was compared with, where that was not a build of this machine. */
function withOrigin(reasons: readonly Reason[], { shared }: ExplainInput): Reason[] {
  if (shared === undefined) return [...reasons];
  return reasons.map((reason) => ({
    ...reason,
    detail: `${reason.detail} Compared with the shared cache ${shared.title}.`,
  }));
}

function firstTime(input: ExplainInput): Reason {
  return {
    kind: 'no-earlier-build',
    detail: `There is no earlier build of this ${input.keyword} to take it from.`,
  };
}

function evicted({ eviction, shared }: ExplainInput): Reason {
  if (shared !== undefined)
    return { kind: 'evicted', detail: 'Nothing changed, but the earlier result could not be used.' };
  if (eviction === null) {
    return { kind: 'evicted', detail: 'Nothing changed, but the earlier result is no longer in the store.' };
  }
  const when = new Date(eviction.at).toISOString().slice(0, 16).replace('T', ' ');
  return {
    kind: 'evicted',
    detail: `Nothing changed, but the earlier result was removed by ${eviction.by} on ${when} UTC.`,
  };
}

function instructionReasons({ fields, keyword, shared }: ExplainInput, past: PastStep): Reason[] {
  if (past.fields.instruction === fields.instruction) return [];
  const before = (shared === undefined ? past.fields.instruction : past.source) ?? '';
  const after = (shared === undefined ? fields.instruction : shared.source) ?? '';
  if (before === after)
    return [
      {
        kind: 'instruction-changed',
        detail: `The ${keyword} instruction has other values where its variables stand: “${after}”.`,
      },
    ];
  return [
    {
      kind: 'instruction-changed',
      detail: `The ${keyword} instruction was edited: “${before}” became “${after}”.`,
    },
  ];
}

function fieldReasons(input: ExplainInput, past: PastStep): Reason[] {
  const reasons: Reason[] = [];
  const differs = (name: string) => input.fields[name] !== past.fields[name];
  if (differs('sources')) reasons.push(sourceReason(input));
  if (differs('stage'))
    reasons.push({ kind: 'parent-rebuilt', detail: 'The stage it begins from is rebuilt.' });
  if (differs('base')) {
    const was = past.fields.base ?? 'nothing';
    const is = input.fields.base ?? 'nothing';
    reasons.push({
      kind: 'base-moved',
      detail: `The base image ${input.fields.reference ?? ''} moved: ${was} became ${is}.`,
    });
  }
  for (const [name, { kind, title }] of Object.entries(SIMPLE)) {
    if (differs(name))
      reasons.push({
        kind,
        detail: `${title} changed: ${showField(name, past.fields[name])} became ${showField(name, input.fields[name])}.`,
      });
  }
  for (const name of Object.keys({ ...past.fields, ...input.fields }).filter((n) => n.startsWith('mount:'))) {
    if (differs(name))
      reasons.push({ kind: 'source-changed', detail: `What is mounted at ${name.slice(6)} changed.` });
  }
  return reasons;
}

function sourceReason({ changes }: ExplainInput): Reason {
  if (changes === null) return { kind: 'files-changed', detail: 'The files it copies changed.', paths: [] };
  const below = changes.filter((change) => change.path !== '');
  const files = below.length > 0 ? below : changes;
  return { kind: 'files-changed', detail: describeChanges(files), paths: files.map((change) => change.path) };
}

const VERB: Readonly<Record<ListingChange['change'], string>> = {
  added: 'was added',
  removed: 'was removed',
  content: 'changed',
  mode: 'has another mode',
};

/** "src/app.ts changed, src/new.ts was added and 3 more." */
function describeChanges(changes: readonly ListingChange[]): string {
  const shown = changes.slice(0, 4).map((change) => `${change.path} ${VERB[change.change]}`);
  const more = changes.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function variableReasons({ fields: now, shared }: ExplainInput, past: CacheFields): Reason[] {
  const reasons: Reason[] = [];
  for (const field of Object.keys({ ...past, ...now }).sort()) {
    const kind = field.startsWith('arg:') ? 'argument' : field.startsWith('env:') ? 'environment' : null;
    if (kind === null || now[field] === past[field]) continue;
    const name = field.slice(4);
    const title = kind === 'argument' ? 'Build argument' : 'Environment variable';
    const change =
      isSecretName(name) || shared !== undefined
        ? 'changed (its value is not kept)'
        : `changed: ${show(past[field])} became ${show(now[field])}`;
    reasons.push({ kind: `${kind}-changed`, detail: `${title} ${name} ${change}.` });
  }
  return reasons;
}

/** A field as people write it: the key holds a platform as JSON. */
function showField(name: string, value: string | undefined): string {
  const platform =
    name === 'platform'
      ? /^\{"os":"([^"]+)","architecture":"([^"]+)"(?:,"variant":"([^"]+)")?/.exec(value ?? '')
      : null;
  if (platform === null) return show(value);
  const [, os, architecture, variant] = platform;
  return show([os, architecture, variant].filter(Boolean).join('/'));
}

function show(value: string | undefined): string {
  return value === undefined ? 'unset' : value === '' ? 'empty' : `“${value}”`;
}
