/** Canvases that can be drawn once more, elsewhere and at another size: what is lines stays lines in a picture. */

/** @typedef {(context: CanvasRenderingContext2D) => void} Paint  in pixels of the page, from the corner of the canvas */

/** @type {WeakMap<HTMLCanvasElement, Paint>} */
const painters = new WeakMap();

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Paint} paint  draws what is on it now
 */
export function paintedBy(canvas, paint) {
  painters.set(canvas, paint);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Paint | null}  null: its pixels are all there is
 */
export function painterOf(canvas) {
  return painters.get(canvas) ?? null;
}
