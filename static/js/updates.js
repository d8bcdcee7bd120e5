/**
 * What an optimizer makes of a gradient, read from the records: how far each parameter moved for its gradient, for its
 * own size, and in which direction.
 *
 * Record k holds the gradient that step k was given and the parameters after it, so its update is the difference to the
 * parameters of record k − 1. Both are float32 in most runs: an update much smaller than its parameter is known to few
 * digits only.
 */

/**
 * @typedef {Pick<import("./history.js").History, "param" | "grad" | "names" | "first" | "length">} Records
 */

const DEGREES = 180 / Math.PI;

/**
 * The update of step k.
 *
 * @param {Records} history
 * @param {string} name
 * @param {number} k
 * @returns {Float64Array | null}  null for the first record, before which there is nothing
 */
export function updateOf(history, name, k) {
  if (k <= history.first || k >= history.length) return null;
  const before = history.param(name, k - 1);
  return Float64Array.from(history.param(name, k), (value, i) => value - before[i]);
}

/**
 * The learning rate that each element really had in step k: |update| / |gradient|. Plain SGD has lr everywhere;
 * adaptive optimizers give each element its own.
 *
 * @param {Records} history
 * @param {string} name
 * @param {number} k
 * @returns {Float64Array | null}  Infinity where an element moved without a gradient, NaN where it did neither; null
 *   where there is no gradient at all
 */
export function effectiveRates(history, name, k) {
  const update = updateOf(history, name, k);
  const gradient = history.grad(name, k);
  if (update === null || gradient === null) return null;
  return update.map((value, i) => Math.abs(value) / Math.abs(gradient[i]));
}

/**
 * ‖update‖ / ‖parameters before it‖ in step k.
 *
 * @param {Records} history
 * @param {string[]} names
 * @param {number} k
 * @returns {number | null}  null for the first record
 */
export function updateRatio(history, names, k) {
  if (k <= history.first || k >= history.length) return null;
  let moved = 0;
  let size = 0;
  for (const name of names) {
    moved += squares(/** @type {Float64Array} */ (updateOf(history, name, k)));
    size += squares(history.param(name, k - 1));
  }
  return Math.sqrt(moved) / Math.sqrt(size);
}

/**
 * The angle between the update of step k and the negative gradient, of those of the parameters that have a gradient.
 *
 * @param {Records} history
 * @param {string[]} names
 * @param {number} k
 * @returns {number | null}  degrees, 0 straight downhill, above 90 uphill; NaN where one of the two is zero; null where
 *   there is no gradient
 */
export function updateAngle(history, names, k) {
  const update = [];
  const downhill = [];
  for (const name of names) {
    const gradient = history.grad(name, k);
    const moved = gradient === null ? null : updateOf(history, name, k);
    if (gradient === null || moved === null) continue;
    for (let i = 0; i < gradient.length; i += 1) {
      update.push(moved[i]);
      downhill.push(-gradient[i]);
    }
  }
  return update.length === 0 ? null : angle(update, downhill);
}

/**
 * The angle between two vectors by Kahan's formula, which keeps its digits near 0 and 180 degrees, where the arc cosine
 * loses them (W. Kahan, How futile are mindless assessments of roundoff, 2006, section 12).
 *
 * @param {number[]} a
 * @param {number[]} b
 */
function angle(a, b) {
  const [sizeA, sizeB] = [Math.sqrt(squares(a)), Math.sqrt(squares(b))];
  let apart = 0;
  let together = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] / sizeA, b[i] / sizeB];
    apart += (x - y) ** 2;
    together += (x + y) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together)) * DEGREES;
}

/** @param {ArrayLike<number>} values */
function squares(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] * values[i];
  return sum;
}
