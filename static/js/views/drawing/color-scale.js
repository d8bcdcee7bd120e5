/**
 * How the loss of a surface becomes a colour.
 *
 * Any monotone map from loss to position on the colour scale is honest, as long as the colour bar is labelled with the
 * loss itself: `logarithmic` opens up the valley, `equalised` gives each colour the same area, `linear` is the loss.
 */

import { formatTick } from "./numbers.js";
import { ticks } from "./scales.js";

/**
 * @typedef {import("../types.js").ColorScale} ColorScale
 *
 * @typedef {object} ColorMap
 * @property {(loss: number) => number} position  on the colour scale
 * @property {[number, number]} domain  positions of the lowest and the highest loss
 * @property {{at: number, label: string}[]} ticks
 */

/** A logarithmic scale resolves losses down to this part of the median, where the lowest is zero or below. */
const RESOLUTION = 1e-3;

/** With fewer round losses than this on the colour bar, it is labelled with whatever losses lie at even distances. */
const FEWEST_TICKS = 4;

/** Ticks closer than this part of the colour bar would touch. */
const TICK_GAP = 0.075;

/**
 * The scale that was chosen for the surface.
 *
 * @param {import("../types.js").Data} data
 * @returns {ColorScale}
 */
export function colorScaleOf({ scales }) {
  return /** @type {ColorScale} */ (scales.surface);
}

/**
 * @param {ArrayLike<number>} losses  of the grid; those that are not finite have no colour
 * @param {ColorScale} kind
 * @returns {ColorMap | null} null where no loss is finite
 */
export function colorMap(losses, kind) {
  const sorted = Float64Array.from(losses).filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const position = POSITIONS[kind](sorted);
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]];
  const domain = /** @type {[number, number]} */ ([position(lowest), position(highest)]);
  if (domain[0] === domain[1]) domain[1] += 1; // a flat surface has one colour
  const candidates = kind === "equalised" ? quantiles(sorted) : losses125(lowest, highest, kind);
  const chosen = spacedTicks(candidates, position, domain);
  const isBare = chosen.length < FEWEST_TICKS;
  const ticks = isBare ? spacedTicks(evenly(sorted, position, domain), position, domain) : chosen;
  return { position, domain, ticks };
}

/** @type {Record<ColorScale, (sorted: Float64Array) => (loss: number) => number>} */
const POSITIONS = {
  linear: () => (loss) => loss,
  log: (sorted) => {
    const zero = Math.min(sorted[0], 0);
    const median = sorted[sorted.length >> 1];
    const offset = RESOLUTION * (median > zero ? median - zero : 1);
    return (loss) => Math.log10(loss - zero + offset);
  },
  equalised: (sorted) => (loss) => (sorted.length === 1 ? 0 : rank(sorted, loss) / (sorted.length - 1)),
};

/**
 * How many of the sorted values lie below, with the fraction between two neighbours.
 *
 * @param {Float64Array} sorted
 * @param {number} value
 */
function rank(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  if (Number.isNaN(value)) return NaN;
  if (value <= sorted[low]) return low;
  if (value >= sorted[high]) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle;
  }
  return low + (value - sorted[low]) / (sorted[high] - sorted[low]);
}

/** @param {Float64Array} sorted */
function quantiles(sorted) {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) =>
    Number(sorted[Math.round(part * (sorted.length - 1))].toPrecision(2)),
  );
}

/**
 * Losses of the grid about evenly over the colour bar, in three digits.
 *
 * @param {Float64Array} sorted
 * @param {(loss: number) => number} position
 * @param {[number, number]} domain
 */
function evenly(sorted, position, [low, high]) {
  return [0, 1, 0.25, 0.5, 0.75].map((part) => {
    const at = low + part * (high - low);
    const index = sorted.findIndex((loss) => position(loss) >= at);
    return Number(sorted[index < 0 ? sorted.length - 1 : index].toPrecision(3));
  });
}

/**
 * @param {number} lowest
 * @param {number} highest
 * @param {ColorScale} kind
 */
function losses125(lowest, highest, kind) {
  if (kind === "linear" || lowest >= highest) return ticks([lowest, highest], "linear", 5);
  const found = [];
  const span = highest - lowest;
  for (let power = Math.floor(Math.log10(span)) + 1; power > Math.log10(span) - 6; power -= 1) {
    for (const mantissa of [1, 5, 2]) {
      for (const sign of [1, -1]) {
        const loss = sign * mantissa * 10 ** power;
        if (loss >= lowest && loss <= highest) found.push(Number(loss.toPrecision(3)));
      }
    }
  }
  if (lowest <= 0) found.push(0);
  return found.length >= 3 ? found : [...found, ...ticks([lowest, highest], "linear", 5)];
}

/**
 * Those of the losses that have room beside each other, the first ones first.
 *
 * @param {number[]} losses
 * @param {(loss: number) => number} position
 * @param {[number, number]} domain
 */
function spacedTicks(losses, position, [low, high]) {
  /** @type {{at: number, label: string}[]} */
  const chosen = [];
  for (const loss of losses) {
    const at = Math.max(low, Math.min(high, position(loss)));
    if (chosen.some((tick) => Math.abs(tick.at - at) < TICK_GAP * (high - low))) continue;
    chosen.push({ at, label: formatTick(loss) });
  }
  return chosen.sort((a, b) => a.at - b.at);
}

/**
 * Contour lines at even distances on the colour scale.
 *
 * @param {[number, number]} domain
 * @param {number} count
 */
export function levels([low, high], count) {
  const size = (high - low) / (count + 1);
  return { start: low + size, end: high - size / 2, size };
}
