import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect } from 'react';
import { useElementWidth } from '#renderer/components/table/use-element-width.ts';
import { BLOCK_LINES, blockHeight } from './block-height.ts';
import type { LogLine } from './log-parser.ts';

/** Pixels beside the text: the number of the line before it, and the rim. */
const BESIDE = 66;
/** About as wide as a letter is, in pixels. */
const LETTER = 7.2;

/** The blocks of a log of which those in view are drawn, and the ways through it. */
export interface LogBlocks {
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  /** Brings a line into the middle of the view. */
  showLine(line: number): void;
  showStart(): void;
  showEnd(): void;
}

/** Places the blocks of a log within `scroller`, at first by what is thought of their heights. */
export function useLogBlocks(
  lines: readonly LogLine[],
  scroller: RefObject<HTMLDivElement | null>,
  wrap: boolean,
): LogBlocks {
  const width = useElementWidth(scroller);
  const letters = wrap && width > BESIDE ? Math.floor((width - BESIDE) / LETTER) : null;
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: Math.ceil(lines.length / BLOCK_LINES),
    getScrollElement: () => scroller.current,
    estimateSize: (index) => blockHeight(lines, index, letters),
    overscan: 1,
    initialRect: { width: 800, height: 600 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured holds for one width alone
  useEffect(() => virtual.measure(), [virtual, letters]);
  return {
    virtual,
    showLine: (line) => {
      const find = (): Element | null | undefined => scroller.current?.querySelector(`[data-line="${line}"]`);
      if (find() == null) virtual.scrollToIndex(Math.floor(line / BLOCK_LINES), { align: 'center' });
      // Its block is drawn by the next frame, and has its place once it was measured.
      requestAnimationFrame(() => requestAnimationFrame(() => find()?.scrollIntoView({ block: 'center' })));
    },
    showStart: () => virtual.scrollToOffset(0),
    showEnd: () => virtual.scrollToIndex(Math.ceil(lines.length / BLOCK_LINES) - 1, { align: 'end' }),
  };
}
