/**
 * The runs of the page as they are named beside a map: without the hyperparameters that its axes vary.
 */

import { ratedLayers, ratedParts } from "./edge.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Run} Run
 */

const HYPERPARAMETERS = "/optimizer/hyperparameters/";

/**
 * @param {State} state
 * @returns {Run[]}
 */
export function runsWithout(state) {
  const names = variedNames(state);
  if (names.size === 0) return state.runs;
  return state.runs.map((run) => {
    const kept = Object.entries(run.optimizer.hyperparameters).filter(([name]) => !names.has(name));
    return { ...run, optimizer: { ...run.optimizer, hyperparameters: Object.fromEntries(kept) } };
  });
}

/**
 * The hyperparameters whose value in a run counts nowhere on the map.
 *
 * @param {State} state
 * @returns {Set<string>}
 */
function variedNames(state) {
  const { sweep, tune } = state;
  if (tune.kind === "basins") return new Set();
  if (tune.kind === "edge") return new Set(coversAll(state) ? ["lr"] : []);
  const axes = tune.kind === "curve" || sweep.y === null ? [sweep.x] : [sweep.x, sweep.y];
  const own = axes.map(({ path }) => path).filter((path) => path.startsWith(HYPERPARAMETERS));
  return new Set(own.map((path) => path.slice(HYPERPARAMETERS.length)));
}

/** Whether the two rates of an edge are those of all layers. @param {State} state */
function coversAll(state) {
  const { across, up } = ratedLayers(state);
  return ratedParts(state).every((part) => part === across || part === up);
}
