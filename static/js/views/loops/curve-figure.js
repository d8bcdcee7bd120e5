/** The curves of a chart of watched runs in pixels. */

import { niceDomain, scaler, ticks } from "../drawing/scales.js";

/**
 * @typedef {import("../types.js").AxisScale} AxisScale
 *
 * @typedef {object} Line  what is to be drawn
 * @property {string} label
 * @property {string} color
 * @property {number[]} dash
 * @property {ArrayLike<number>} places  of the records on the axis
 * @property {ArrayLike<number>} steps  of the records
 * @property {ArrayLike<number>} values
 *
 * @typedef {object} CurveFigure
 * @property {AxisScale} scale  linear where there is no positive number, or a negative one
 * @property {(place: number) => number} x
 * @property {(value: number) => number} y
 * @property {number[]} xTicks
 * @property {number[]} yTicks
 * @property {Float32Array[]} points  of each line x, y, x, y, …; NaN where it breaks
 */

/**
 * @param {Line[]} lines
 * @param {AxisScale} wanted
 * @param {[number, number]} domain  of the axis
 * @param {{width: number, height: number}} size
 * @returns {CurveFigure}
 */
export function curveFigure(lines, wanted, domain, { width, height }) {
  const extent = extentOf(lines);
  const scale =
    wanted === "log" && (extent.min < 0 || !Number.isFinite(extent.minPositive)) ? "linear" : wanted;
  const yDomain = niceDomain(extent, scale);
  const x = scaler(domain, "linear", [0, width]);
  const y = scaler(yDomain, scale, [height, 0]);
  return {
    ...{ scale, x, y },
    xTicks: ticks(domain, "linear", Math.max(2, Math.floor(width / 80))),
    yTicks: ticks(yDomain, scale, Math.max(2, Math.floor(height / 28))),
    points: lines.map((line) => pointsOf(line, x, y, width)),
  };
}

/** @param {Line[]} lines */
function extentOf(lines) {
  const extent = { min: Infinity, max: -Infinity, minPositive: Infinity };
  for (const { values } of lines)
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (!Number.isFinite(value)) continue;
      extent.min = Math.min(extent.min, value);
      extent.max = Math.max(extent.max, value);
      if (value > 0) extent.minPositive = Math.min(extent.minPositive, value);
    }
  return extent;
}

/**
 * Where records share a pixel, the highest and the lowest of them are drawn.
 *
 * @param {Line} line
 * @param {(place: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} width
 */
function pointsOf({ places, values }, x, y, width) {
  const known = [];
  for (let i = 0; i < values.length; i += 1) if (!Number.isNaN(values[i])) known.push(i);
  if (known.length <= 2 * width) return Float32Array.from(known.flatMap((i) => [x(places[i]), y(values[i])]));
  /** @type {number[]} */
  const points = [];
  for (let at = 0; at < known.length;) {
    const pixel = Math.floor(x(places[known[at]]));
    let [low, high] = [known[at], known[at]];
    for (; at < known.length && Math.floor(x(places[known[at]])) === pixel; at += 1) {
      if (values[known[at]] < values[low]) low = known[at];
      if (values[known[at]] > values[high]) high = known[at];
    }
    for (const i of low < high ? [low, high] : [high, low]) points.push(x(places[i]), y(values[i]));
  }
  return Float32Array.from(points);
}

/**
 * The index of the record nearest to a place that says a number.
 *
 * @param {Pick<Line, "places" | "values">} line
 * @param {number} place
 * @returns {number}  −1 where none does
 */
export function nearest({ places, values }, place) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] <= place) low = middle + 1;
    else high = middle;
  }
  let [before, behind] = [low - 1, low];
  while (before >= 0 && Number.isNaN(values[before])) before -= 1;
  while (behind < values.length && Number.isNaN(values[behind])) behind += 1;
  if (behind >= values.length) return before;
  return before >= 0 && place - places[before] <= places[behind] - place ? before : behind;
}
