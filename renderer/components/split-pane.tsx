import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { classNames } from '#renderer/styles/class-names.ts';
import styles from './split-pane.module.css';

/** Props of {@link SplitPane}. */
export interface SplitPaneProps {
  /** Under which the size is remembered on this machine. */
  readonly id: string;
  /** What the bar between the panes resizes: "Layers". */
  readonly label: string;
  /** The pane that has the size: the first, or the second when `sized` is `end`. */
  readonly sized?: 'start' | 'end';
  readonly direction?: 'row' | 'column';
  /** Size of that pane in pixels, at first and at least; the other keeps at least `minOther`. */
  readonly initial: number;
  readonly min: number;
  readonly minOther: number;
  readonly start: ReactNode;
  /** Null: the first pane has all the room, and keeps its state when the second comes. */
  readonly end: ReactNode | null;
}

const STEP = 24;

/** Two panes with a bar between them that is moved by pointer or arrow keys; a double click brings it back. */
export function SplitPane(props: SplitPaneProps): ReactNode {
  const { sized = 'start', direction = 'row', min, minOther } = props;
  const isRow = direction === 'row';
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState(() => readSize(props.id) ?? props.initial);
  const [isDragging, setDragging] = useState(false);

  const resize = (wanted: number): void => {
    const box = frame.current?.getBoundingClientRect();
    const room = box === undefined ? wanted : (isRow ? box.width : box.height) - minOther;
    const next = Math.round(Math.max(min, Math.min(wanted, room)));
    setSize(next);
    localStorage.setItem(storageKey(props.id), String(next));
  };
  const onPointerMove = (event: PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!isDragging || box === undefined) return;
    const place = isRow ? event.clientX - box.left : event.clientY - box.top;
    const whole = isRow ? box.width : box.height;
    resize(sized === 'start' ? place : whole - place);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [less, more] = isRow ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const sign = event.key === more ? 1 : event.key === less ? -1 : 0;
    if (sign === 0) return;
    event.preventDefault();
    resize(size + sign * STEP * (sized === 'start' ? 1 : -1));
  };

  if (props.end === null)
    return (
      <div ref={frame} className={styles.split}>
        <div className={styles.pane}>{props.start}</div>
      </div>
    );
  const fixed = `clamp(${min}px, ${size}px, calc(100% - ${minOther}px))`;
  const tracks = sized === 'start' ? `${fixed} 1px minmax(0, 1fr)` : `minmax(0, 1fr) 1px ${fixed}`;
  return (
    <div
      ref={frame}
      className={styles.split}
      style={isRow ? { gridTemplateColumns: tracks } : { gridTemplateRows: tracks }}
    >
      <div className={styles.pane}>{props.start}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no hr. */}
      <div
        role="separator"
        tabIndex={0}
        aria-label={`Resize ${props.label}`}
        aria-orientation={isRow ? 'vertical' : 'horizontal'}
        aria-valuenow={size}
        aria-valuemin={min}
        className={classNames(styles.bar, !isRow && styles.horizontal)}
        data-dragging={isDragging || undefined}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => setDragging(false)}
        onLostPointerCapture={() => setDragging(false)}
        onDoubleClick={() => resize(props.initial)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.pane}>{props.end}</div>
    </div>
  );
}

function storageKey(id: string): string {
  return `strata.split.${id}`;
}

function readSize(id: string): number | undefined {
  const size = Number(localStorage.getItem(storageKey(id)));
  return Number.isFinite(size) && size > 0 ? size : undefined;
}
