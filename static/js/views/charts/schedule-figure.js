/** A schedule over the steps of a run as plain data: axes, and a line for each set of groups that share it. */

import { tracePoints } from "./lines-figure.js";
import { niceDomain, scaler, ticks } from "../drawing/scales.js";

/**
 * @typedef {import("../drawing/scales.js").Extent} Extent
 * @typedef {import("../types.js").AxisScale} AxisScale
 *
 * @typedef {object} Line
 * @property {string} label
 * @property {ArrayLike<number>} values  value k is that of step k + 1
 * @property {number} index  of the first group that it is of
 *
 * @typedef {object} SchedulePlot
 * @property {number[]} xTicks  steps
 * @property {number[]} yTicks
 * @property {(step: number) => number} x  pixels
 * @property {(value: number) => number} y
 * @property {string[]} paths  the `d` of each line
 */

/** Pixels between two ticks. */
const TICKS_APART = { x: 90, y: 34 };

/**
 * Groups with the same values are one line.
 *
 * @param {ArrayLike<number>[]} columns  of each group
 * @param {string[]} names  of the groups
 * @returns {Line[]}
 */
export function distinctLines(columns, names) {
  /** @type {Map<string, Line>} */
  const lines = new Map();
  columns.forEach((values, index) => {
    const key = Array.prototype.join.call(values);
    const known = lines.get(key);
    if (known === undefined) lines.set(key, { label: names[index], values, index });
    else known.label = `${known.label}, ${names[index]}`;
  });
  return [...lines.values()].filter(({ values }) => Array.from(values).some(Number.isFinite));
}

/**
 * @param {ArrayLike<number>[]} lines
 * @param {{width: number, height: number, steps: number, scale: AxisScale, most?: number}} frame  in pixels; most: what
 *   no value can exceed
 * @returns {SchedulePlot}
 */
export function schedulePlot(lines, { width, height, steps, scale, most = Infinity }) {
  /** @type {[number, number]} */
  const xDomain = [1, Math.max(2, steps)];
  const [low, high] = niceDomain(extentOf(lines), scale);
  /** @type {[number, number]} */
  const yDomain = [low, Math.min(high, most)];
  const x = scaler(xDomain, "linear", [0, width]);
  const y = scaler(yDomain, scale, [height, 0]);
  return {
    xTicks: ticks(xDomain, "linear", Math.max(2, Math.floor(width / TICKS_APART.x))),
    yTicks: ticks(yDomain, scale, Math.max(2, Math.floor(height / TICKS_APART.y))),
    x,
    y,
    paths: lines.map((values) =>
      pathOf(
        tracePoints(
          { values: Float64Array.from(values), length: values.length },
          (index) => x(index + 1),
          y,
          height,
        ),
      ),
    ),
  };
}

/**
 * @param {ArrayLike<number>[]} lines
 * @returns {Extent}
 */
function extentOf(lines) {
  const extent = { min: Infinity, max: -Infinity, minPositive: Infinity };
  for (const values of lines) {
    for (let k = 0; k < values.length; k += 1) {
      const value = values[k];
      if (!Number.isFinite(value)) continue;
      extent.min = Math.min(extent.min, value);
      extent.max = Math.max(extent.max, value);
      if (value > 0) extent.minPositive = Math.min(extent.minPositive, value);
    }
  }
  return extent;
}

/** @param {Float32Array} points  x, y, x, y, … */
function pathOf(points) {
  let path = "";
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const drawn = Number.isFinite(points[i + 1]);
    if (drawn) path += `${pen ? "L" : "M"}${points[i].toFixed(1)} ${points[i + 1].toFixed(1)}`;
    pen = drawn;
  }
  return path;
}
