import { type KeyboardEvent, useEffect, useRef } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './source.module.css';
import { SourceBlockView } from './source-block-view.tsx';
import type { SourceBlock } from './source-model.ts';

interface SourceViewProps {
  /** File name, for a screen reader. */
  readonly name: string;
  readonly blocks: readonly SourceBlock[];
  /** First line of the selected instruction. */
  readonly selected: number | null;
  onSelect(line: number): void;
}

const MOVES: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

/** A Dockerfile with what becomes of each instruction. Arrow keys go from instruction to instruction. */
export function SourceView({ name, blocks, selected, onSelect }: SourceViewProps) {
  const list = useRef<HTMLOListElement>(null);
  const lines = blocks.filter((block) => block.keyword !== null).map((block) => block.line);
  const isFirstBuild = blocks.every((block) => block.state !== 'will-hit' && block.state !== 'hit');
  const reachable = selected !== null && lines.includes(selected) ? selected : lines[0];

  useEffect(() => {
    list.current?.querySelector(`[data-line="${selected}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const focus = (line: number | undefined): void => {
    if (line === undefined) return;
    onSelect(line);
    list.current?.querySelector<HTMLElement>(`[data-line="${line}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = Number((event.target as HTMLElement).dataset.line);
    if (Number.isNaN(from) || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move !== undefined) focus(lines[lines.indexOf(from) + move]);
    else if (event.key === 'Home') focus(lines[0]);
    else if (event.key === 'End') focus(lines.at(-1));
    else if (event.key === 'Enter' || event.key === ' ') onSelect(from);
    else return;
    event.preventDefault();
  };

  // Before a build there are no sizes and times: the instructions get their room.
  const isForeseen = blocks.every(({ ms, size }) => ms === null && size === null);
  return (
    <ol
      ref={list}
      className={classNames(styles.source, isForeseen && styles.foreseen)}
      aria-label={name}
      onKeyDown={onKeyDown}
    >
      {blocks.map((block) => (
        <SourceBlockView
          key={block.line}
          block={block}
          isSelected={block.line === selected}
          isReachable={block.line === reachable}
          isFirstBuild={isFirstBuild}
          onSelect={onSelect}
        />
      ))}
    </ol>
  );
}
