/** A line plot as plain data: domains, ticks and the curves in pixels. Nothing here touches the page. */

import { GHOST } from "../../state/look.js";
import { niceDomain, scaler, ticks } from "../drawing/scales.js";
import { axisOf } from "./axis.js";
import { indexAt } from "./index-at.js";
import { bandOf } from "./band.js";
import { columnOf } from "./series.js";

/**
 * @typedef {import("../drawing/scales.js").Extent} Extent
 * @typedef {import("./series.js").Column} Column
 * @typedef {import("./series.js").Series} Series
 * @typedef {import("../types.js").AxisScale} AxisScale
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {{width: number, height: number}} Size  of the drawing area, in pixels
 *
 * @typedef {object} Curve
 * @property {Run} run
 * @property {Series} series
 * @property {boolean} isSecondary  whether it is a thin line beside the run's own
 * @property {"above" | "below"} [warns]  the side of it that is to be shaded
 * @property {Column} column
 * @property {(step: number) => Reading | null} at  what is read at a step: of the last record until then
 * @property {Float32Array} points  x, y, x, y, …; NaN where the line breaks
 * @property {Float32Array | null} band  x, top, bottom, …: what neighbouring records reach over, where the line is their middle
 * @property {number[]} marks  the x of what is marked
 *
 * @typedef {{step: number, value: number | null}} Reading
 *
 * @typedef {object} LinePlot
 * @property {import("./axis.js").Axis} axis
 * @property {[number, number]} xDomain  steps, or samples or epochs seen
 * @property {[number, number]} yDomain
 * @property {AxisScale} scale  linear where there are negative values, which a logarithmic one would hide
 * @property {boolean} isNegative  whether there are
 * @property {number[]} xTicks
 * @property {number[]} yTicks
 * @property {(place: number) => number} x
 * @property {(value: number) => number} y
 * @property {Curve[]} curves
 */

/** A run that comes to this many times what another one does has exploded, whether or not it ends as diverged. */
const EXPLODED = 1e3;

/** Of the lines beside the run's own. */
const COMPANION_DASH = [1.5, 2];

/** Of the selected run without what it freezes. */
const GHOST_DASH = [4, 3];

/** A run that exploded may stretch an axis to this many times what the others need. */
const STRETCH = 4;

/** A logarithmic axis is given more: this many decades above what the others need. */
const STRETCH_DECADES = 2;

/**
 * @param {Data} data
 * @param {Series} series
 * @param {Size} size
 * @returns {LinePlot}
 */
export function figure(data, series, { width, height }) {
  const axis = axisOf(data);
  const shown = linesOf(data, series)
    .filter(({ run }) => axis.knows(run))
    .flatMap(curveOf);
  const wanted = /** @type {AxisScale} */ (data.scales[series.key] ?? series.scale);
  const isNegative = shown.some(({ column }) => column.extent.min < 0);
  const scale = wanted === "log" && isNegative ? "linear" : wanted;
  /** @type {[number, number]} */
  const xDomain = [0, lastPlace(data, shown, axis)];
  const extent = series.lines === undefined ? sharedExtent(shown, scale) : wholeExtent(shown);
  const yDomain = series.axis?.domain ?? niceDomain(extent, scale);
  const x = scaler(xDomain, "linear", [0, width]);
  const y = scaler(yDomain, scale, [height, 0]);
  return {
    axis,
    xDomain,
    yDomain,
    scale,
    isNegative,
    xTicks: ticks(xDomain, "linear", Math.max(2, Math.floor(width / 70))),
    yTicks: series.axis?.ticks ?? ticks(yDomain, scale, Math.max(2, Math.floor(height / 30))),
    x,
    y,
    curves: shown.map((curve) => {
      const place = (/** @type {number} */ step) => x(axis.placeOf(curve.run, step));
      return {
        ...curve,
        ...traceOf(curve, (index) => place(stepOf(curve.column, index)), y, height),
        marks: marksOf(curve, place),
      };
    }),
  };
}

/**
 * How far the longest run goes, also while it is still coming.
 *
 * @param {Data} data
 * @param {Pick<Curve, "run" | "column">[]} curves
 * @param {import("./axis.js").Axis} axis
 */
function lastPlace({ steps }, curves, { placeOf, kind }) {
  const ends = curves.map(({ run, column }) =>
    placeOf(run, Math.max(steps, stepOf(column, column.length - 1))),
  );
  return Math.max(1, kind === "steps" ? steps : 0, ...ends);
}

/**
 * @param {Data} data
 * @param {Series} series
 * @returns {(import("./series.js").Line & {isSecondary: boolean})[]}  what goes beneath first
 */
function linesOf(data, series) {
  if (series.lines !== undefined) return series.lines(data).map((line) => ({ isSecondary: false, ...line }));
  const secondary = data.runs.flatMap((run) => {
    const own = run.history === null ? [] : (series.secondary?.(run.history, run) ?? []);
    const dashed = { ...run, dash: COMPANION_DASH };
    return own.map((one) => ({ run: dashed, series: one, isSecondary: true }));
  });
  const { ghost: beside } = data;
  const ghost =
    series.ghost === true && beside
      ? [{ run: { ...beside, dash: GHOST_DASH, stale: true }, series, isSecondary: true }]
      : [];
  const companions = (series.companions?.(data) ?? []).map((line) => ({ isSecondary: true, ...line }));
  return [
    ...ghost,
    ...companions,
    ...secondary,
    ...data.runs.map((run) => ({ run, series, isSecondary: false })),
  ];
}

/**
 * @param {import("./series.js").Line & {isSecondary: boolean}} line
 * @returns {Omit<Curve, "points" | "band" | "marks">[]}  none while there is no record
 */
function curveOf(line) {
  const { run, series, column } = line;
  const { history } = run;
  if (column !== undefined) return [{ ...line, column, at: (step) => sparseReading(column, step) }];
  if (history === null) return [];
  /** @param {number} step */
  const at = (step) => {
    const record = Math.min(history.recordAt(step) ?? -1, columnOf(history, series).length - 1);
    return record < history.first ? null : { step: record, value: series.value(history, record) };
  };
  return [{ ...line, column: columnOf(history, series), at }];
}

/**
 * @param {Column} column
 * @param {number} index
 */
function stepOf({ steps }, index) {
  return steps === null ? index : steps[index];
}

/**
 * @param {Column} column
 * @param {number} step
 * @returns {Reading | null}
 */
function sparseReading(column, step) {
  const index = indexAt(column.steps ?? [], step);
  if (index < 0) return null;
  const value = column.values[index];
  return { step: stepOf(column, index), value: Number.isNaN(value) ? null : value };
}

/**
 * @param {Pick<Curve, "run" | "series" | "column">} curve
 * @param {(step: number) => number} x
 * @returns {number[]}  at most one in each pixel
 */
function marksOf({ run: { history }, series: { bites }, column }, x) {
  if (history === null || bites === undefined) return [];
  /** @type {Set<number>} */
  const pixels = new Set();
  for (let k = 0; k < column.length; k += 1) if (bites(history, k)) pixels.add(Math.round(x(k)));
  return [...pixels];
}

/**
 * What the axis must show: all of the runs that stayed stable, and of one that exploded as much as leaves them readable.
 *
 * @param {Pick<Curve, "run" | "series" | "column" | "isSecondary">[]} curves
 * @param {AxisScale} scale
 * @returns {Extent}
 */
function sharedExtent(curves, scale) {
  const shown = curves.filter(
    ({ isSecondary, run, series }) => !isSecondary || run.id === GHOST || series.isFramed === true,
  );
  const smallest = Math.min(...shown.map(({ column }) => column.extent.max).filter((max) => max > 0));
  const stable = shown.filter(
    ({ run, column }) =>
      run.history?.ended?.reason !== "diverged" && !(column.extent.max > EXPLODED * smallest),
  );
  const extent = union(stable.map(({ column }) => column.extent));
  const whole = wholeExtent(curves);
  if (stable.length === 0 || stable.length === shown.length) return whole;
  const first = Math.max(...shown.map(({ column }) => column.values[0]).filter(Number.isFinite), extent.max);
  const room = scale === "log" ? first * 10 ** STRETCH_DECADES : first * STRETCH;
  return {
    ...extent,
    max: Math.min(whole.max, room),
    min: Math.min(extent.min, whole.min < 0 ? extent.min : whole.min),
  };
}

/** @param {Pick<Curve, "column">[]} curves */
function wholeExtent(curves) {
  return union(curves.map(({ column }) => column.extent));
}

/** @param {Extent[]} extents */
function union(extents) {
  return {
    min: Math.min(...extents.map(({ min }) => min)),
    max: Math.max(...extents.map(({ max }) => max)),
    minPositive: Math.min(...extents.map(({ minPositive }) => minPositive)),
  };
}

/**
 * What is drawn of a curve: a line, or a shade with a line through its middle.
 *
 * @param {Pick<Curve, "column" | "isSecondary">} curve
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} height
 * @returns {Pick<Curve, "points" | "band">}
 */
function traceOf({ column, isSecondary }, x, y, height) {
  const within = (/** @type {number} */ index) => bounded(y(column.values[index]), height);
  const band = isSecondary ? null : bandOf(column.length, x, within);
  if (band !== null) return { points: band.points, band: band.edges };
  return { points: tracePoints(column, x, y, height), band: null };
}

/**
 * Where a value that lies far outside is drawn.
 *
 * @param {number} pixel
 * @param {number} height
 */
function bounded(pixel, height) {
  return Number.isFinite(pixel) ? Math.max(-height, Math.min(2 * height, pixel)) : NaN;
}

/**
 * The curve in pixels. Where there are more records than pixels, each column of pixels keeps its first, lowest,
 * highest and last value: the line looks the same, spikes included.
 *
 * @param {Pick<Column, "values" | "length">} column
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} height
 * @returns {Float32Array}
 */
export function tracePoints({ values, length }, x, y, height) {
  const points = [];
  const perPixel = 1 / Math.abs(x(1) - x(0));
  const every = perPixel > 2 ? perPixel : 1;
  for (let from = 0; Math.ceil(from) < length; from += every) {
    const first = Math.ceil(from);
    const next = Math.min(length, Math.ceil(from + every));
    for (const k of every === 1 ? [first] : extremes(values, first, next)) {
      points.push(x(k), bounded(y(values[k]), height));
    }
  }
  return Float32Array.from(points);
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} to
 * @returns {number[]} records, in order
 */
function extremes(values, from, to) {
  let [low, high] = [from, from];
  for (let k = from; k < to; k += 1) {
    if (!Number.isFinite(values[k])) return [from, k, Math.max(from, to - 1)];
    if (values[k] < values[low]) low = k;
    if (values[k] > values[high]) high = k;
  }
  return [...new Set([from, Math.min(low, high), Math.max(low, high), to - 1])];
}

/**
 * Move labels apart that would lie on each other, as little as possible, and keep them within the plot.
 *
 * @param {number[]} wanted  pixels, NaN for a label that is not shown
 * @param {number} gap
 * @param {number} height
 * @returns {number[]}
 */
export function spread(wanted, gap, height) {
  const order = wanted
    .map((_, i) => i)
    .filter((i) => Number.isFinite(wanted[i]))
    .sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  let floor = gap / 2;
  for (const i of order) {
    placed[i] = Math.max(floor, Math.min(height - gap / 2, wanted[i]));
    floor = placed[i] + gap;
  }
  let ceiling = height - gap / 2;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i], ceiling);
    ceiling = placed[i] - gap;
  }
  return placed;
}
