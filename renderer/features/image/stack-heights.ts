/** Least height of a layer in the stack, in pixels: enough for its words and a finger. */
export const LEAST_HEIGHT = 22;
/** Pixels between two layers. */
export const LAYER_GAP = 3;

const MOST_HEIGHT = 132;
/** Room to share out by size even when the stack has to scroll, in pixels a layer. */
const SPARE = 7;

/**
 * The heights of layers in `room` pixels. Each has its least height; what is left is shared by the square root of the
 * sizes, so that a layer of 388 bytes can still be clicked beside one of 121 MB, and the larger is always the taller.
 */
export function stackHeights(sizes: readonly number[], room: number): readonly number[] {
  const fixed = sizes.length * LEAST_HEIGHT + Math.max(0, sizes.length - 1) * LAYER_GAP;
  const spare = Math.max(room - fixed, sizes.length * SPARE);
  const weights = sizes.map((size) => Math.sqrt(Math.max(0, size)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole === 0) return sizes.map(() => LEAST_HEIGHT);
  // Where there is room to spare the tallest sets the scale, so that two large layers keep their proportion.
  const scale = Math.min(spare / whole, (MOST_HEIGHT - LEAST_HEIGHT) / Math.max(...weights));
  return weights.map((weight) => Math.floor(LEAST_HEIGHT + scale * weight));
}
