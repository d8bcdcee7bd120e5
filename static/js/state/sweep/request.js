/**
 * From the state of the page to the sweeps that its maps are of.
 */

import { problemIn } from "../points/problem.js";
import { configsOf } from "../configs.js";
import { choiceOf } from "../suggested-rates.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {import("../types.js").RunConfig} RunConfig
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("./axis.js").Axis} Axis
 *
 * @typedef {object} Body  of `POST /api/sweeps`
 * @property {RunConfig} run
 * @property {Axis[]} axes  at least one
 * @property {Call[]} [optimizers]
 * @property {number[]} [seeds]
 * @property {number | null} [target]
 * @property {boolean} [exact]
 *
 * @typedef {object} Ask  a sweep for some runs of the page
 * @property {Body} body
 * @property {number[]} slots  the runs, in the order of its optimizers
 *
 * @typedef {{slot: number, path: string}} Lack  a run whose optimizer does not have what a path names
 */

/** How many rows show where a test function is started. */
const STARTS = 16;

/**
 * What stands upright on a map: an axis, or null for the seeds of the network.
 *
 * @param {State} state
 * @param {Problem} problem
 * @returns {Axis | null}
 */
export function uprightOf({ sweep }, problem) {
  if (sweep.y !== null || problem.kind !== "function" || problem.bounds === null) return sweep.y;
  const [from, to] = problem.bounds[0];
  return { path: "/model/start/0", from, to, count: STARTS, scale: "linear" };
}

/**
 * The runs that a map is drawn of: those that begin at their first step.
 *
 * @param {State} state
 */
export function mappedRuns({ runs, selected, tune }) {
  const whole = runs.filter(({ kept }) => kept === undefined || kept.first === 0);
  const own = whole.filter(({ slot }) => slot === selected);
  return tune.of === "selected" && own.length > 0 ? own : whole;
}

/**
 * The seeds of the networks, those of the page first.
 *
 * @param {State} state
 * @param {Problem} problem
 * @param {number} [from]  how many come before
 * @param {number} [count]
 * @returns {number[] | undefined}  undefined where there is nothing to seed
 */
export function seedsOf({ seed, sweep, weights }, problem, from = 0, count = sweep.seeds) {
  if (problem.kind === "function" || weights !== null) return undefined;
  return Array.from({ length: count }, (_, i) => seed + from + i);
}

/**
 * One sweep for all runs that differ by their optimizers alone.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Axis[]} axes
 * @param {number[] | undefined} seeds
 * @returns {{asks: Ask[], lacking: Lack[]}}
 */
export function asksOf(state, catalog, axes, seeds) {
  const problem = problemIn(catalog, state);
  const mapped = mappedRuns(state).map(({ slot }) => slot);
  const configs = configsOf(state, problem);
  /** @type {Map<string, Ask>} */
  const asks = new Map();
  /** @type {Lack[]} */
  const lacking = [];
  state.runs.forEach(({ slot }, index) => {
    if (!mapped.includes(slot)) return;
    const config = configs[index];
    const path = axes.map((axis) => axis.path).find((one) => !holds(config, one, catalog));
    if (path !== undefined) {
      lacking.push({ slot, path });
      return;
    }
    const { optimizer, ...rest } = config;
    const key = JSON.stringify(rest);
    const ask = asks.get(key) ?? { body: { run: config, axes, optimizers: [] }, slots: [] };
    asks.set(key, ask);
    ask.body.optimizers?.push(optimizer);
    ask.slots.push(slot);
    if (seeds !== undefined) ask.body.seeds = seeds;
    if (state.sweep.target !== null) ask.body.target = state.sweep.target;
  });
  return { asks: [...asks.values()], lacking };
}

/**
 * Whether an optimizer has what a path under it names; of all other paths the server knows.
 *
 * @param {RunConfig} config
 * @param {string} path
 * @param {Catalog} catalog
 */
export function holds({ optimizer, lr_scheduler: scheduler }, path, catalog) {
  const [, part, kind, name] = path.split("/");
  if (part === "lr_scheduler") return scheduler !== undefined && scheduler !== null;
  if (part !== "optimizer") return true;
  if (kind === "param_groups") return Array.isArray(optimizer.param_groups);
  if (kind !== "hyperparameters") return true;
  const choice = choiceOf(catalog, optimizer);
  return choice === undefined || choice.hyperparameters.some((declared) => declared.name === name);
}

/** @param {Axis} axis */
export function countOf(axis) {
  return "values" in axis ? axis.values.length : axis.count;
}
