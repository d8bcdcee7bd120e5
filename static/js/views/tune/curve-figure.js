/**
 * A number of runs against one of their fields: over the seeds the median, and the half of them around it.
 */

import { niceDomain, scaler, ticks } from "../drawing/scales.js";
import { isSteps, numberOf } from "./field.js";

/**
 * @typedef {import("./figures.js").Mapped} Mapped
 * @typedef {import("../../state/types.js").State["tune"]["show"]} Quantity
 * @typedef {{low: number, median: number, high: number, count: number, diverged: number}} Spread
 *   over the seeds that there are; infinite where a run diverged or there is no such number
 *
 * @typedef {object} CurveFigure
 * @property {{mapped: Mapped, spreads: (Spread | null)[], lost: number[]}[]} curves
 *   spreads: null where not computed yet, and where torch refuses the run; lost: columns without a number, where a mark stands in its place
 * @property {number} columns
 * @property {(value: number) => number} y  the part of the height from the bottom; NaN where the axis cannot show it
 * @property {{value: number, at: number}[]} ticks  none where no curve has a number
 */

/**
 * @param {number[]} sorted
 * @param {number} part
 */
export function quantile(sorted, part) {
  const at = part * (sorted.length - 1);
  const [before, after] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return before === after ? before : before + (at - Math.floor(at)) * (after - before);
}

/**
 * @param {Mapped} mapped  with its seeds as rows
 * @param {Quantity} quantity
 * @returns {(Spread | null)[]}
 */
export function spreadsOf({ cells, layout: { columns, rows }, optimizer }, quantity) {
  return Array.from({ length: columns }, (_, column) => {
    const first = (optimizer * columns + column) * rows;
    const members = Array.from({ length: rows }, (_, row) => first + row).filter((one) => cells.isKnown(one));
    if (members.length === 0 || cells.refused(first)) return null;
    const diverged = members.filter((member) => cells.diverged(member));
    const sorted = members.map((member) => numberOf(cells, member, quantity)).sort((a, b) => a - b);
    const [low, median, high] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part));
    return { low, median, high, count: members.length, diverged: diverged.length };
  });
}

/** @param {(Spread | null)[]} spreads */
function lostOf(spreads) {
  return spreads.flatMap((spread, column) =>
    spread === null || Number.isFinite(spread.median) ? [] : [column],
  );
}

/**
 * The curves that have lost a number, each of which has its marks in a line of its own.
 *
 * @param {CurveFigure["curves"]} curves
 */
export function losersOf(curves) {
  return curves.filter(({ lost }) => lost.length > 0);
}

/**
 * Whether all is there and no curve has a number anywhere.
 *
 * @param {CurveFigure["curves"]} curves
 */
export function isEmpty(curves) {
  return curves.every(({ spreads, lost }) => lost.length === spreads.length);
}

/**
 * @param {Mapped[]} mapped
 * @param {Quantity} quantity
 * @param {number} height  in pixels
 * @returns {CurveFigure}
 */
export function curveFigure(mapped, quantity, height) {
  const curves = mapped.map((one) => {
    const spreads = spreadsOf(one, quantity);
    return { mapped: one, spreads, lost: lostOf(spreads) };
  });
  const numbers = curves
    .flatMap(({ spreads }) =>
      spreads.flatMap((spread) => (spread === null ? [] : [spread.low, spread.median, spread.high])),
    )
    .filter(Number.isFinite);
  const positive = numbers.filter((number) => number > 0);
  const extent = {
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    minPositive: Math.min(...positive),
  };
  const isLog = positive.length === numbers.length && !isSteps(quantity);
  const scale = isLog ? "log" : "linear";
  const domain = niceDomain(extent, scale);
  const y = scaler(domain, scale, [0, 1]);
  const values = numbers.length === 0 ? [] : ticks(domain, scale, Math.max(2, height / 44));
  return {
    curves,
    columns: Math.max(1, ...mapped.map(({ layout }) => layout.columns)),
    y: (value) => Math.max(0, Math.min(1, y(value))),
    ticks: values.map((value) => ({ value, at: y(value) })),
  };
}

/**
 * The stretches of a curve that have numbers, as paths in cells and parts of the height.
 *
 * @param {(Spread | null)[]} spreads
 * @param {(value: number) => number} y
 * @returns {{line: [number, number][], band: [number, number][]}[]}
 */
export function stretchesOf(spreads, y) {
  /** @type {{line: [number, number][], low: [number, number][], high: [number, number][]}[]} */
  const found = [];
  let open = false;
  spreads.forEach((spread, column) => {
    const isDrawn = spread !== null && Number.isFinite(spread.median);
    if (isDrawn && !open) found.push({ line: [], low: [], high: [] });
    open = isDrawn;
    if (!isDrawn) return;
    const last = found[found.length - 1];
    last.line.push([column + 0.5, y(spread.median)]);
    last.low.push([column + 0.5, y(spread.low)]);
    last.high.push([column + 0.5, Number.isFinite(spread.high) ? y(spread.high) : 1]);
  });
  return found.map(({ line, low, high }) => ({ line, band: [...high, ...low.reverse()] }));
}
