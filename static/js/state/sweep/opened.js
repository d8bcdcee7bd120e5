/**
 * Cells of a map as runs of the comparison.
 */

import { problemIn } from "../points/problem.js";
import { configsOf } from "../configs.js";
import { freeSlot } from "../edits.js";
import { recipeOf, same, setupOf } from "../kept-runs.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").RunConfig} RunConfig
 * @typedef {import("../types.js").Catalog} Catalog
 *
 * @typedef {object} Opened
 * @property {Partial<State>} change
 * @property {number[]} slots  of the runs, in the order of those that were asked for; those that have no room are left out
 * @property {boolean} isElsewhere  whether they share another setup than the page had, whose runs gave way
 */

/**
 * Put runs beside those of the page; where they share another setup, in their place.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {RunConfig[]} configs  at least one
 * @param {number[]} spare  slots of runs that may give way if there is no room
 * @returns {Opened}
 */
export function openRuns(state, catalog, configs, spare) {
  const setup = setupOf({ config: configs[0] }, catalog);
  const isElsewhere = !shares(state, setup, catalog);
  const fitting = configs.filter((config) =>
    shares({ ...state, ...setup }, setupOf({ config }, catalog), catalog),
  );
  const before = isElsewhere ? [] : withRoom(state.runs, spare, fitting.length, catalog);
  const runs = [...before];
  /** @type {number[]} */
  const slots = [];
  for (const config of fitting.slice(0, catalog.limits.max_compared_runs - before.length)) {
    const run = { ...recipeOf(config, catalog), slot: freeSlot(runs) };
    runs.push(run);
    slots.push(run.slot);
  }
  const shared = isElsewhere ? { ...setup, step: null } : {};
  return { change: slots.length === 0 ? {} : { ...shared, runs, selected: slots[0] }, slots, isElsewhere };
}

/**
 * Runs in the place of those of some slots, which keep their colours.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Map<number, RunConfig>} configs  by slot
 * @returns {Partial<State>}
 */
export function replaceRuns(state, catalog, configs) {
  const runs = state.runs.flatMap((run) => {
    const config = configs.get(run.slot);
    return config === undefined ? [run] : [{ ...recipeOf(config, catalog), slot: run.slot }];
  });
  return { runs };
}

/**
 * Whether runs with another setup are the same: what has no meaning for the problem does not count.
 *
 * @param {State} state
 * @param {Partial<State>} setup
 * @param {Catalog} catalog
 */
function shares(state, setup, catalog) {
  const other = { ...state, ...setup };
  if (other.problem !== state.problem) return false;
  const problem = problemIn(catalog, state);
  const [run] = state.runs;
  return same(configsOf({ ...state, runs: [run] }, problem), configsOf({ ...other, runs: [run] }, problem));
}

/**
 * As many of the runs as leave room for others: of those that may give way, the first go first.
 *
 * @param {Run[]} runs
 * @param {number[]} spare
 * @param {number} wanted
 * @param {Catalog} catalog
 */
function withRoom(runs, spare, wanted, { limits }) {
  const lacking = runs.length + wanted - limits.max_compared_runs;
  const leaving = spare
    .filter((slot) => runs.some((run) => run.slot === slot))
    .slice(0, Math.max(0, lacking));
  return runs.filter(({ slot }) => !leaving.includes(slot));
}
