/** Runs of loops that are not ours over a surface of ours. */

import { pathOnPlane } from "./laid.js";
import { extentOf } from "./surface-grid.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("../../wire.d.ts").LossSurface} LossSurface
 */

/**
 * The watched runs whose parameters are those of the surface: they are laid on it, though it is none of theirs.
 *
 * @param {Data} data
 * @returns {Run[]}
 */
export function laidOf({ runs, problem }) {
  const own = runs.find(({ watched, history }) => !watched && history !== null)?.history ?? null;
  if (own === null || problem?.kind === "function") return [];
  const told = (/** @type {History} */ { names, shapes }) =>
    JSON.stringify(names.map((name) => [name, shapes[name]]));
  return runs.filter(
    ({ watched, history }) => watched && history !== null && !history.isEmpty && told(history) === told(own),
  );
}

/**
 * Those that leave what is drawn of the plane, which is fitted to the runs that it is of.
 *
 * @param {Run[]} laid
 * @param {LossSurface} response
 * @param {Grid} grid  of that response
 * @returns {Run[]}
 */
export function leavingOf(laid, response, grid) {
  const [across, upwards] = extentOf(grid);
  const isWithin = (/** @type {number} */ at, /** @type {[number, number]} */ [low, high]) =>
    at >= low && at <= high;
  return laid.filter(({ history }) => {
    const xy = history === null ? null : pathOnPlane(history, response);
    return xy?.some((at, place) => !isWithin(at, place % 2 === 0 ? across : upwards)) ?? false;
  });
}
