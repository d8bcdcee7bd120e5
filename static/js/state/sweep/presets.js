/**
 * Maps that people ask for, made of the runs of the page: what each changes of the state.
 */

import { problemOf } from "../catalog.js";
import { chooseProblem } from "../choose-problem.js";
import { freeSlot, selectedRun } from "../edits.js";
import { choiceOf, rateOf } from "../suggested-rates.js";
import { RATES } from "./axis.js";
import { fieldsOf } from "./fields.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {(state: State, catalog: Catalog) => Partial<State>} Preset
 */

const HYPERPARAMETERS = "/optimizer/hyperparameters";
const BOWL = "quadratic-bowl";

/** @type {Record<string, Preset>} */
const PRESETS = {
  rates: (state) => shown(state, { kind: "curve" }, { x: { ...RATES, from: 1e-5, count: 48 } }),

  bowl: (state, catalog) => {
    const before = state.problem === BOWL ? {} : chooseProblem(state, catalog, BOWL);
    const sgd = { name: "SGD", hyperparameters: { lr: 0.01, momentum: 0.9 } };
    const run = { ...selectedRun(state), optimizer: sgd, lr_scheduler: null, freeze: [], clip_grad: null };
    const x = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/lr`,
      from: 0.001,
      to: 0.045,
      count: 20,
      scale: "linear",
    });
    const y = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/momentum`,
      from: 0,
      to: 0.98,
      count: 14,
      scale: "linear",
    });
    return { ...before, ...shown(state, { kind: "map", of: "selected" }, { x, y }), ...onlyRun(run) };
  },

  batch: (state, catalog) =>
    shown(state, { kind: "map" }, { x: RATES, y: fieldAt(state, catalog, "/batch_size"), seeds: 3 }),

  warmup: (state) => {
    const most = Math.max(2, Math.floor(state.steps / 2));
    const run = selectedRun(state);
    const warmUp = {
      name: "LinearLR",
      hyperparameters: { start_factor: 0.01, total_iters: Math.round(most / 2) },
    };
    const y = /** @type {Axis} */ ({
      path: "/lr_scheduler/hyperparameters/total_iters",
      ...{ from: 1, to: most, count: Math.min(12, most), scale: "linear" },
    });
    const runs = state.runs.map((one) =>
      one.slot === run.slot ? { ...own(run), lr_scheduler: warmUp } : one,
    );
    return { ...shown(state, { kind: "map", of: "selected" }, { x: RATES, y, seeds: 3 }), runs };
  },

  decay: (state) => {
    const run = own(selectedRun(state));
    const lr = Number(run.optimizer.hyperparameters.lr ?? 0.01);
    const named = (/** @type {string} */ name, /** @type {Run[]} */ before) => ({
      ...{ ...run, slot: freeSlot(before) },
      optimizer: { name, hyperparameters: { lr, weight_decay: 0.01 } },
    });
    const adam = named("Adam", []);
    const runs = [adam, named("AdamW", [adam])];
    const y = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/weight_decay`,
      from: 1e-5,
      to: 1,
      count: 24,
      scale: "log",
    });
    return { ...shown(state, { kind: "map", of: "all" }, { x: RATES, y, seeds: 3 }), runs, selected: 0 };
  },
};

/**
 * The presets that mean something for the page as it is.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function presetsFor(state, catalog) {
  const isFunction = problemOf(catalog, state.problem).kind === "function";
  const choice = choiceOf(catalog, selectedRun(state).optimizer);
  const hasRate = choice === undefined || rateOf(choice) !== undefined;
  const hasBowl = catalog.problems.some(({ name }) => name === BOWL);
  const means = { rates: hasRate, bowl: hasBowl, batch: !isFunction, warmup: hasRate, decay: true };
  return Object.entries(means).flatMap(([name, does]) => (does ? [name] : []));
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {Partial<State>}
 */
export function presetOf(state, catalog, name) {
  return PRESETS[name](state, catalog);
}

/**
 * @param {State} state
 * @param {Partial<State["tune"]>} tune
 * @param {Partial<State["sweep"]>} sweep
 * @returns {Partial<State>}
 */
function shown(state, tune, sweep) {
  return { tune: { ...state.tune, show: "end", ...tune }, sweep: { ...state.sweep, ...sweep } };
}

/**
 * A run of the page's own, also where it was one that the server keeps.
 *
 * @param {Run} run
 * @returns {Run}
 */
function own({ kept: _, earlier: __, ...run }) {
  return run;
}

/** @param {Run} run */
function onlyRun(run) {
  return { runs: [own(run)], selected: run.slot };
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {string} path
 */
function fieldAt(state, catalog, path) {
  return fieldsOf(state, catalog).find((axis) => axis.path === path) ?? null;
}
