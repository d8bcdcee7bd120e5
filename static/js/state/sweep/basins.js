/**
 * Basins: every start on a 2-D test function at once, a sweep for each run.
 */

import { ROUGH } from "./alone.js";
import { asksOf, mappedRuns } from "./request.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {import("./request.js").Ask} Ask
 * @typedef {[number, number]} Point
 */

/** Starts along each side, and of a run whose members are trained one by one. */
export const STARTS = Object.freeze({ fine: 101, rough: ROUGH });

/** How far above the highest minimum a loss may be that counts as having got there. */
const THERE = 0.1;

/** A run that ends within this part of the window's diagonal of a minimum has reached it. */
const NEAR = 0.02;

/** At most so many places where runs end are told apart, of a function whose minima nobody says. */
const MOST_FOUND = 6;
/** Fewer runs than this part make no such place. */
const FEWEST = 0.01;

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Problem} problem  a test function
 * @param {ReadonlySet<string>} alone  optimizers whose runs are trained one by one
 * @returns {Ask[]}  one for each run
 */
export function basinAsks(state, catalog, problem, alone) {
  const window = windowOf(state, problem);
  return mappedRuns(state).flatMap((run) => {
    const count = alone.has(run.optimizer.name) ? STARTS.rough : STARTS.fine;
    const axes = window.map(([from, to], i) => {
      return /** @type {const} */ ({ path: `/model/start/${i}`, from, to, count, scale: "linear" });
    });
    const alike = { ...state, start: null, runs: [run], selected: run.slot }; // every start is tried
    const { asks } = asksOf(alike, catalog, axes, undefined);
    return asks.map((ask) => ({ ...ask, body: { ...ask.body, target: targetOf(state, problem) } }));
  });
}

/**
 * The starts that are tried: where the function is drawn.
 *
 * @param {State} state
 * @param {Problem} problem
 * @returns {[Point, Point]}
 */
export function windowOf({ bounds }, problem) {
  return /** @type {[Point, Point]} */ (bounds ?? problem.bounds);
}

/**
 * The loss whose first step says how fast a run is; null where nobody says what the minima are.
 *
 * @param {State} state
 * @param {Problem} problem
 */
function targetOf({ sweep }, { minima }) {
  if (sweep.target !== null || minima.length === 0) return sweep.target;
  return Math.max(...minima.map(({ value }) => value)) + THERE;
}

/**
 * How far from a minimum a run may end that has reached it.
 *
 * @param {[Point, Point]} window
 */
export function radiusOf(window) {
  return NEAR * Math.hypot(...window.map(([low, high]) => high - low));
}

/**
 * Where many runs end, the most of them first: the minima of a function that nobody says them of.
 *
 * @param {Point[]} ends  those that are finite
 * @param {number} radius
 * @returns {Point[]}
 */
export function placesOf(ends, radius) {
  /** @type {Map<string, Point[]>} */
  const bins = new Map();
  for (const end of ends) {
    const key = end.map((value) => Math.round(value / radius)).join();
    const bin = bins.get(key);
    if (bin === undefined) bins.set(key, [end]);
    else bin.push(end);
  }
  /** @type {Point[]} */
  const found = [];
  for (const bin of [...bins.values()].sort((a, b) => b.length - a.length)) {
    if (found.length === MOST_FOUND || bin.length < FEWEST * ends.length) break;
    const middle = /** @type {Point} */ (
      [0, 1].map((k) => bin.reduce((sum, end) => sum + end[k], 0) / bin.length)
    );
    if (nearest(middle, found, 2 * radius) === null) found.push(middle);
  }
  return found;
}

/**
 * @param {Point} point
 * @param {readonly Point[]} places
 * @param {number} radius
 * @returns {number | null}  the index of the nearest place within it
 */
export function nearest(point, places, radius) {
  /** @type {number | null} */
  let best = null;
  let least = radius;
  for (let i = 0; i < places.length; i += 1) {
    const [across, up] = [point[0] - places[i][0], point[1] - places[i][1]];
    const distance = Math.sqrt(across * across + up * up);
    if (!(distance <= least)) continue;
    least = distance;
    best = i;
  }
  return best;
}
