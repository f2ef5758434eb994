import { memo } from 'react';
import { BaseNotes } from '#renderer/features/bases/base-notes.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { BlockNotes } from './block-notes.tsx';
import styles from './source.module.css';
import type { SourceBlock } from './source-model.ts';
import { STATE_WORDS, type StepState, spokenState } from './step-state.ts';
import { type LinePlace, tintLine } from './tint.ts';

interface SourceBlockViewProps {
  readonly block: SourceBlock;
  readonly isSelected: boolean;
  /** The one instruction that the Tab key reaches. */
  readonly isReachable: boolean;
  /** Nothing could come from a cache: that it did not needs no words. */
  readonly isFirstBuild: boolean;
  onSelect(line: number): void;
}

const TONES: Readonly<Partial<Record<StepState, string | undefined>>> = {
  'will-hit': styles.hit,
  hit: styles.hit,
  'will-miss': styles.miss,
  'will-build': styles.miss,
  'will-fail': styles.failed,
  miss: styles.miss,
  built: styles.miss,
  running: styles.running,
  failed: styles.failed,
  cancelled: styles.cancelled,
};

/** One instruction with its lines, state and remarks; or the lines between two instructions. */
export const SourceBlockView = memo(function SourceBlockView(props: SourceBlockViewProps) {
  const { block, isSelected, isReachable, onSelect } = props;
  if (block.keyword === null)
    return (
      <li className={styles.block}>
        <Lines block={block} />
        <BlockNotes block={block} isFirstBuild={props.isFirstBuild} />
      </li>
    );
  return (
    <>
      {block.stageTitle !== null && <li className={styles.stage}>{block.stageTitle}</li>}
      <li className={classNames(styles.block, styles.step, isSelected && styles.selected)}>
        {/* biome-ignore lint/a11y/useSemanticElements: the text of a button could not be selected */}
        <div
          role="button"
          className={styles.head}
          tabIndex={isReachable ? 0 : -1}
          data-line={block.line}
          aria-pressed={isSelected}
          aria-label={spokenBlock(block)}
          onClick={() => onSelect(block.line)}
          onKeyDown={undefined}
        >
          <Lines block={block} />
        </div>
        <BaseNotes line={block.line} />
        <BlockNotes block={block} isFirstBuild={props.isFirstBuild} />
      </li>
    </>
  );
});

function Lines({ block }: { readonly block: SourceBlock }) {
  return block.lines.map((line, index) => {
    const number = block.line + index;
    const place: LinePlace = block.keyword === null ? 'outside' : index === 0 ? 'head' : 'rest';
    const isWrong = block.error !== null && number >= block.error.line && number <= block.error.endLine;
    return (
      <div
        key={number}
        className={classNames(
          styles.row,
          isWrong && styles.wrong,
          isWrong && block.state !== 'failed' && styles.misread,
        )}
      >
        <span className={styles.lineNumber}>{number}</span>
        {index === 0 && block.keyword !== null ? <Sign state={block.state} /> : <span />}
        <code className={styles.code}>
          {tintLine(line, place).map((token, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other identity
            <span key={at} className={styles[token.kind]}>
              {token.text}
            </span>
          ))}
        </code>
        {index === 0 && block.keyword !== null && <Facts block={block} />}
      </div>
    );
  });
}

function Sign({ state }: { readonly state: StepState }) {
  return (
    <span className={classNames(styles.sign, TONES[state])} aria-hidden="true">
      {state === 'running' ? <span className={styles.spinner} /> : STATE_WORDS[state].sign}
    </span>
  );
}

function Facts({ block }: { readonly block: SourceBlock }) {
  return (
    <>
      <span className={classNames(styles.state, TONES[block.state])}>{STATE_WORDS[block.state].word}</span>
      <span className={styles.size}>{block.size === null ? '' : formatBytes(block.size)}</span>
      <span className={styles.time}>{hasTime(block) ? formatDuration(block.ms ?? 0) : ''}</span>
    </>
  );
}

/** A step from the cache took no time worth telling. */
function hasTime(block: SourceBlock): boolean {
  return block.ms !== null && (block.ms > 0 || block.state !== 'hit');
}

function spokenBlock(block: SourceBlock): string {
  return [
    `Line ${block.line}: ${block.lines[0] ?? ''}`,
    spokenState(block.state),
    hasTime(block) ? formatDuration(block.ms ?? 0) : '',
    block.size === null ? '' : formatBytes(block.size),
    block.checks.length > 0 ? `${block.checks.length} checks` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
