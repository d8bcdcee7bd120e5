/**
 * Another problem for the runs of a comparison.
 */

import { problemOf } from "./catalog.js";
import { suggestedState } from "./configs.js";
import { equal } from "./edits.js";
import { ratedFor } from "./suggested-rates.js";
import { isWatchedCard } from "./watched.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Catalog} Catalog
 */

/**
 * Another problem. What was as the old problem suggests becomes what the new one does; what a person chose stays.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {Partial<State>}
 */
export function chooseProblem(state, catalog, name) {
  const [before, after] = [suggestedState(catalog, state.problem), suggestedState(catalog, name)];
  const runs = state.runs.map((run) => {
    if (isWatchedCard(run)) return run;
    const index = before.runs.findIndex(({ optimizer }) => equal(optimizer, run.optimizer));
    if (index in after.runs) return { ...run, optimizer: after.runs[index].optimizer };
    if (run.kept !== undefined) return run;
    return {
      ...run,
      optimizer: ratedFor(
        catalog,
        problemOf(catalog, state.problem),
        problemOf(catalog, name),
        run.optimizer,
      ),
    };
  });
  const steps = state.steps === before.steps ? after.steps : state.steps;
  const fresh = {
    problem: name,
    samples: null,
    noise: null,
    dataSeed: null,
    expression: null,
    bounds: null,
    points: null,
    start: null,
    step: null,
  };
  return { ...fresh, runs, steps, ...networkFor(state, before, after, catalog) };
}

/**
 * The network of the new problem, unless the person made one. Others than those of data have none, so nothing is lost.
 *
 * @param {State} state
 * @param {ReturnType<typeof suggestedState>} before
 * @param {ReturnType<typeof suggestedState>} after
 * @param {Catalog} catalog
 * @returns {Partial<State>}
 */
function networkFor(state, before, after, catalog) {
  const hasNetwork = (/** @type {string} */ name) => problemOf(catalog, name).kind === "dataset";
  /** @param {Pick<State, "hidden" | "activation" | "seed" | "weights">} state */
  const network = ({ hidden, activation, seed, weights }) => ({ hidden, activation, seed, weights });
  const isOwn =
    hasNetwork(before.problem) && hasNetwork(after.problem) && !equal(network(state), network(before));
  return isOwn ? {} : network(after);
}
