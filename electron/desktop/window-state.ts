import { join } from 'node:path';
import { z } from 'zod';
import { type BrokenFileNotice, JsonDocument } from '../settings/json-document.ts';

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** A place on the desktop, in the system's independent pixels. */
export type Rectangle = z.infer<typeof rectangle>;

const windowState = z.object({ bounds: rectangle.nullable(), maximized: z.boolean() });

/** Where the window was: `bounds` are those of the window when it is not maximised, null: never shown yet. */
export type WindowState = z.infer<typeof windowState>;

/** `window.json` in the data folder. */
export function windowStateDocument(home: string, onBroken: BrokenFileNotice): JsonDocument<WindowState> {
  return new JsonDocument<WindowState>(
    join(home, 'window.json'),
    windowState,
    () => ({ bounds: null, maximized: false }),
    onBroken,
  );
}

/** Pixels of a window's title that must lie on a display, so that it can be grabbed. */
const VISIBLE = 100;

/** The bounds if enough of them lies on one of the displays (their work areas), else null: use the default. */
export function boundsOnDisplay(bounds: Rectangle | null, displays: readonly Rectangle[]): Rectangle | null {
  if (bounds === null) return null;
  const isVisible = displays.some((display) => {
    const width =
      Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x);
    const isTopOn = bounds.y >= display.y && bounds.y + VISIBLE / 2 <= display.y + display.height;
    return width >= VISIBLE && isTopOn;
  });
  return isVisible ? bounds : null;
}
