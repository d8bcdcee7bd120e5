/**
 * Ticks of a map: a cell is as wide as any other, and its value stands in its middle.
 */

import { formatTick } from "../drawing/numbers.js";
import { scaler, ticks } from "../drawing/scales.js";

/**
 * @typedef {import("../../state/types.js").Json} Json
 *
 * @typedef {object} MapAxis
 * @property {string} label
 * @property {Json[]} values  of the cells, in order
 * @property {"linear" | "log" | "list"} scale  list: equal steps from value to value, whatever they are
 *
 * @typedef {{at: number, label: string}} Tick  at: in cells from the edge
 */

/**
 * @param {MapAxis} axis
 * @param {number} count  about how many
 * @returns {Tick[]}
 */
export function ticksOf({ values, scale }, count) {
  const last = values.length - 1;
  const [low, high] = /** @type {number[]} */ ([values[0], values[last]]);
  const isWhole = values.every(Number.isInteger);
  const isListed = scale === "list" || (scale === "log" && isWhole); // as 1, 2, 4, 8: no cell is of 3
  if (isListed || last === 0 || !(low < high)) return listed(values, count);
  const place = scaler([low, high], scale, [0.5, last + 0.5]);
  const room = Math.max(2, count);
  return ticks([low, high], scale, room)
    .filter((value) => !isWhole || Number.isInteger(value))
    .map((value) => ({ at: place(value), label: formatTick(value) }));
}

/**
 * @param {Json[]} values
 * @param {number} count
 * @returns {Tick[]}
 */
function listed(values, count) {
  const every = Math.max(1, Math.ceil(values.length / Math.max(1, count)));
  return values.flatMap((value, i) => (i % every === 0 ? [{ at: i + 0.5, label: shown(value) }] : []));
}

/**
 * A value of an axis as it is read out.
 *
 * @param {Json} value
 */
export function shown(value) {
  if (typeof value === "number") return formatTick(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll(",", ", ");
}

/**
 * How an axis with such values is drawn.
 *
 * @param {Json[]} values
 * @returns {MapAxis["scale"]}
 */
export function scaleOf(values) {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length || numbers.length < 3) return "list";
  const steps = (/** @type {(a: number, b: number) => number} */ between) =>
    numbers.slice(1).map((value, i) => between(numbers[i], value));
  if (!steps((a, b) => b - a).every((step) => step > 0)) return "list";
  const isEven = (/** @type {number[]} */ parts) => Math.max(...parts) - Math.min(...parts) < 1e-3 * parts[0];
  if (isEven(steps((a, b) => b - a))) return "linear";
  return numbers[0] > 0 && isEven(steps((a, b) => Math.log(b / a))) ? "log" : "list";
}
