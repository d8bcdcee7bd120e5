/** The layers that a run can freeze, also of one that has no records. */

import { parametersOf } from "../../state/freezing.js";
import { layerNames } from "../../state/layers.js";

/**
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {{name: string, parameters: string[]}} Layer
 */

/**
 * All runs of a comparison have the same layers.
 *
 * @param {Run} run
 * @param {Data} data
 * @returns {readonly Layer[]}  none of a test function, and none while nothing is known
 */
export function layersOf(run, { runs, problem }) {
  const known = [run, ...runs].find(({ history }) => history !== null)?.history;
  if (known) return known.layers;
  const isRefused = (run.errors ?? []).length > 0;
  const { hidden } = run.config.model ?? {};
  if (problem.kind !== "dataset" || hidden === undefined || !isRefused) return [];
  return layerNames(hidden).map((name) => ({ name, parameters: parametersOf(name) }));
}
