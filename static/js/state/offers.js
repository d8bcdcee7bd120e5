/**
 * What a newcomer is offered to try, as edits of the state.
 */

import { chooseProblem } from "./choose-problem.js";
import { editRun, runAt, valueOf } from "./edits.js";
import { lockOf, toggleLock } from "./freezing.js";
import { layerNames } from "./layers.js";
import { choiceOf, rateOf, withRate } from "./suggested-rates.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Problem} Problem
 */

/** The network that a function leads on to: two layers of four units that part two half moons. */
export const NETWORK = "moons";

/** How often a rate is doubled until it should have exploded. */
const DOUBLINGS = 8;

/** A loss that has grown so many times has exploded, though it is still a number. */
export const EXPLODED = 10;

/** The part of the bounds around their middle that a start is dropped on. */
const DROP_ON = 0.7;

/** Seeds that are drawn: short enough to tell someone. */
const SEEDS = 1000;

/**
 * The selected run, if it is ours to change: not one that the server keeps.
 *
 * @param {State} state
 * @returns {Run | null}
 */
export function runToChange(state) {
  const run = runAt(state, state.selected);
  return run === undefined || run.kept !== undefined ? null : run;
}

/**
 * The run whose rate is raised: the selected one, if it is ours to change and has a rate.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {{run: Run, lr: number} | null}
 */
export function runToRaise(state, catalog) {
  const run = runToChange(state);
  const declared = run === null ? undefined : lrOf(run, catalog);
  if (run === null || declared === undefined) return null;
  const lr = valueOf(run.optimizer, declared);
  return typeof lr === "number" && lr > 0 ? { run, lr } : null;
}

/**
 * @param {Run} run
 * @param {Catalog} catalog
 */
function lrOf({ optimizer }, catalog) {
  const choice = choiceOf(catalog, optimizer);
  return choice && rateOf(choice);
}

/**
 * The rates to try, each twice the one before, as high as the optimizer takes them.
 *
 * @param {Run} run
 * @param {number} lr  to begin with
 * @param {Catalog} catalog
 * @returns {number[]}
 */
export function ratesToTry(run, lr, catalog) {
  const most = lrOf(run, catalog)?.maximum ?? Infinity;
  const doubled = Array.from({ length: DOUBLINGS }, (_, i) => Number((lr * 2 ** (i + 1)).toPrecision(4)));
  return doubled.filter((rate) => rate <= most);
}

/**
 * The run at another rate.
 *
 * @param {Run} run
 * @param {number} lr
 * @param {Catalog} catalog
 * @returns {Run}
 */
export function atRate(run, lr, catalog) {
  const choice = /** @type {import("./types.js").Choice} */ (choiceOf(catalog, run.optimizer));
  return { ...run, optimizer: withRate(run.optimizer, choice, lr) };
}

/**
 * A layer of the selected run frozen: the second, or the next that trains; where there is no network, one comes with it.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Problem} problem
 * @returns {{layer: string, patch: Partial<State>} | null}  null where nothing more can be frozen
 */
export function freezeLayer(state, catalog, problem) {
  const way = problem.kind === "dataset" ? {} : chooseProblem(state, catalog, NETWORK);
  const there = { ...state, ...way };
  const run = runToChange(there);
  if (run === null) return null;
  const [first, ...others] = layerNames(there.hidden);
  const open = [...others, first].filter((layer) => lockOf(run.freeze, layer, there.steps) === "open");
  if (open.length < 2) return null; // of a network something must train
  const freeze = toggleLock(run.freeze, open[0], there.steps);
  return { layer: open[0], patch: { ...way, ...editRun(there, run.slot, { freeze }) } };
}

/**
 * Another start: of a function a point, of a network other weights.
 *
 * @param {State} state
 * @param {Problem} problem
 * @param {() => number} random
 * @returns {{patch: Partial<State>, params: Record<string, number>}}
 */
export function dropStart(state, problem, random = Math.random) {
  if (problem.kind !== "function") {
    const seed = Math.floor(random() * SEEDS);
    return { patch: { seed, weights: null }, params: { seed } };
  }
  const bounds = /** @type {import("./types.js").Window} */ (state.bounds ?? problem.bounds);
  const [x, y] = bounds.map(([low, high]) => {
    const at = (low + high) / 2 + DROP_ON * (random() - 0.5) * (high - low);
    return Number(at.toPrecision(2));
  });
  return { patch: { start: [x, y] }, params: { x, y } };
}

/**
 * From a function to a network, and back to where a bare address begins.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Problem} problem
 * @returns {Partial<State>}
 */
export function otherKind(state, catalog, problem) {
  const back = catalog.defaults.comparison.runs[0].problem.name;
  return chooseProblem(state, catalog, problem.kind === "function" ? NETWORK : back);
}
